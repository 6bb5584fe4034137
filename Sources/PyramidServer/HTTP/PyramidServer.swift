public import Hummingbird
import HummingbirdCore
import HummingbirdTLS
public import Logging
import NIOCore

/// The HTTP side: an OpenAI-compatible server over an engine.
public struct PyramidServer: Sendable {
    private let state: ServerState
    private let logger: Logger

    /// A server over an engine.
    public init(_ state: ServerState, logger: Logger) {
        self.state = state
        self.logger = logger
    }

    /// What answers requests.
    public var router: Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self)
        router.add(middleware: RequestLog(logger: logger))
        // Outside of what makes answers of errors, so that these too get its headers.
        if !state.options.origins.isEmpty {
            router.add(middleware: CrossOrigin(origins: state.options.origins))
        }
        router.add(middleware: ErrorAnswers())
        if !state.options.keys.isEmpty {
            router.add(middleware: KeyCheck(keys: state.options.keys))
        }
        StatusRoutes(state: state).add(to: router)
        TokenRoutes(state: state).add(to: router)
        CompletionRoutes(state: state).add(to: router)
        if state.options.hasPage { PageRoutes().add(to: router) }
        return router
    }

    /// The application, to be run as a service.
    ///
    /// - Parameter onRunning: Called with the port when it listens.
    /// - Throws: When the certificate cannot be used.
    public func application(
        onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) throws -> some ApplicationProtocol {
        let options = state.options
        var server = HTTPServerBuilder.http1()
        if let certificate = options.certificate {
            server = try .tls(server, tlsConfiguration: certificate.configuration)
        }
        return Application(
            router: router, server: server,
            configuration: ApplicationConfiguration(
                address: .hostname(options.host, port: options.port), serverName: "PyramidSD"),
            onServerRunning: { channel in
                await onRunning(channel.localAddress?.port ?? options.port)
            },
            logger: logger)
    }
}
