import AsyncHTTPClient
import HTTPTypes
public import Hummingbird
public import Logging
import NIOCore
import NIOHTTP1

/// A server that passes requests on to another process on this machine, and stays when that one
/// ends: levels on RPC workers live there, because llama.cpp ends its process with a worker.
public struct RelayServer: Sendable {
    private let state: RelayState
    private let socket: String
    private let options: ServerOptions
    private let client: HTTPClient
    private let logger: Logger

    /// A relay.
    ///
    /// - Parameters:
    ///   - state: Whether the other process can answer.
    ///   - socket: The Unix domain socket on which it listens.
    ///   - options: How the relay itself listens, and whom it lets in.
    ///   - logger: For one line a request.
    public init(_ state: RelayState, socket: String, options: ServerOptions, logger: Logger) {
        self.state = state
        self.socket = socket
        self.options = options
        self.logger = logger
        var configuration = HTTPClient.Configuration()
        configuration.timeout.connect = .seconds(5)
        // How many may come is the other process's to say: no request may wait for a connection.
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 4096
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// What answers requests.
    public var router: Router<BasicRequestContext> {
        let router = options.router(logger: logger)
        for path in ["/", "**"] {
            // No others are served.
            for method in [HTTPRequest.Method.get, .head, .post, .put, .patch, .delete, .options] {
                router.on(RouterPath(path), method: method) { request, _ in
                    try await relay(request)
                }
            }
        }
        return router
    }

    /// The application, to be run as a service.
    ///
    /// - Parameter onRunning: Called with the port when it listens.
    /// - Throws: When the certificate cannot be used.
    public func application(
        onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) throws -> some ApplicationProtocol {
        try options.application(router, logger: logger, onRunning: onRunning)
    }

    /// Whether the other process has its models ready; `nil` when it cannot be reached.
    public func isReady() async -> Bool? {
        let request = HTTPClientRequest(url: url("/health"))
        return try? await client.execute(request, timeout: .seconds(5)).status == .ok
    }

    /// Ends the connections to the other process.
    public func shutDown() async {
        try? await client.shutdown()
    }

    private func url(_ path: String) -> String {
        let host = socket.utf8.map { "%" + String($0, radix: 16) }.joined()
        return "http+unix://\(host)\(path)"
    }

    private func relay(_ request: Request) async throws -> Response {
        if let refusal = state.refusal { throw refusal }
        // Anything else could make the socket a part of a URL with another host.
        guard request.uri.description.hasPrefix("/") else {
            throw APIError(
                .invalidRequest,
                "the target '\(request.uri.description)' is no path; it begins with /")
        }
        var request = request
        let body = try await JSONBody.bytes(&request, atMost: options.maximumBodyBytes)
        var forwarded = HTTPClientRequest(url: url(request.uri.description))
        forwarded.method = .init(rawValue: request.method.rawValue)
        for field in request.headers where !Self.ofConnection.contains(field.name) {
            forwarded.headers.add(name: field.name.rawName, value: field.value)
        }
        if body.readableBytes > 0 { forwarded.body = .bytes(body) }
        let exchange = RelayExchange(state)
        exchange.start(forwarded, client, whileOpen: request.body)
        return try await exchange.response()
    }

    /// What speaks of one connection and not of the message.
    static let ofConnection: Set<HTTPField.Name> = [
        .connection, .contentLength, .transferEncoding, .host, .te, .upgrade,
    ]
}

extension HTTPField.Name {
    fileprivate static var host: Self { .init("Host") ?? .connection }
}
