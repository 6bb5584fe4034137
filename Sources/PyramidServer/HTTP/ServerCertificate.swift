import NIOSSL

/// The certificate with which a server speaks HTTPS.
public struct ServerCertificate: Sendable {
    let configuration: TLSConfiguration

    /// Reads it.
    ///
    /// - Parameters:
    ///   - certificates: A PEM file with the certificate and those that it depends on.
    ///   - key: A PEM file with its private key.
    /// - Throws: What says why one of them cannot be read.
    public init(certificates: String, key: String) throws {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(certificates).map {
                .certificate($0)
            },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
        configuration.applicationProtocols = ["http/1.1"]
        // Whether both belong together only shows here.
        _ = try NIOSSLContext(configuration: configuration)
        self.configuration = configuration
    }
}
