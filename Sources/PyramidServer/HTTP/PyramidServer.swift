public import Hummingbird
public import Logging

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
        let router = state.options.router(logger: logger)
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
        try state.options.application(router, logger: logger, onRunning: onRunning)
    }
}
