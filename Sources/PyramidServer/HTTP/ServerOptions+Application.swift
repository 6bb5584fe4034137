import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore

extension ServerOptions {
    /// A router that lets in whom it may, and answers errors in OpenAI's shape.
    func router(logger: Logger) -> Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self)
        // A relay has noted what it passes on.
        if socket == nil { router.add(middleware: RequestLog(logger: logger)) }
        // Outside of what makes answers of errors, so that these too get its headers.
        if !origins.isEmpty { router.add(middleware: CrossOrigin(origins: origins)) }
        router.add(middleware: ErrorAnswers())
        if !keys.isEmpty { router.add(middleware: KeyCheck(keys: keys)) }
        return router
    }

    /// The application that listens where the options say.
    ///
    /// - Throws: When the certificate cannot be used.
    func application(
        _ router: Router<BasicRequestContext>, logger: Logger,
        onRunning: @escaping @Sendable (Int) async -> Void
    ) throws -> some ApplicationProtocol {
        var server = HTTPServerBuilder.http1()
        if let certificate {
            server = try .tls(server, tlsConfiguration: certificate.configuration)
        }
        let port = port
        return Application(
            router: router, server: server,
            configuration: ApplicationConfiguration(
                address: socket.map { .unixDomainSocket(path: $0) }
                    ?? .hostname(host, port: port), serverName: "PyramidSD"),
            onServerRunning: { channel in
                await onRunning(channel.localAddress?.port ?? port)
            },
            logger: logger)
    }
}
