import Foundation

/// The hub's endpoint and the addresses below it.
struct HubAddress: Sendable {
    private let endpoint: URL

    /// - Throws: ``ModelStoreError`` with code `invalidEndpoint`.
    init(_ text: String) throws(ModelStoreError) {
        guard
            let url = URL(string: text), let scheme = url.scheme?.lowercased(),
            scheme == "https" || scheme == "http", let host = url.host, !host.isEmpty
        else {
            throw ModelStoreError(
                code: .invalidEndpoint,
                message:
                    "\"\(text)\" is no hub address: set HF_ENDPOINT to one like https://HOST.")
        }
        endpoint = url
    }

    /// The host's name, for messages.
    var host: String { endpoint.host ?? endpoint.absoluteString }

    /// Where the content of `file` on the main branch is asked for.
    func resolve(_ file: ModelFile) -> URL {
        endpoint.appendingPathComponent("\(file.repository)/resolve/main/\(file.name)")
    }

    /// True if `url` has the endpoint's scheme, host and port: only there goes the token.
    func isOrigin(of url: URL) -> Bool {
        url.scheme?.lowercased() == endpoint.scheme?.lowercased()
            && url.host?.lowercased() == endpoint.host?.lowercased()
            && Self.port(url) == Self.port(endpoint)
    }

    private static func port(_ url: URL) -> Int {
        url.port ?? (url.scheme?.lowercased() == "http" ? 80 : 443)
    }
}
