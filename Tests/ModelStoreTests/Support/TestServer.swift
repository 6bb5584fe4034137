import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP server on a free port of the loopback interface that answers as a test wants.
final class TestServer: Sendable {
    struct Request: Sendable {
        let method: String
        let path: String
        let headers: [String: String]
        /// How many requests of this method came before.
        let index: Int
    }

    struct Reply: Sendable {
        var status = 200
        var headers: [String: String] = [:]
        var body: [UInt8] = []
        /// Closes the connection after this many bytes of the body.
        var cut: Int?
        /// Sends this many bytes of the body and then nothing more.
        var stall: Int?
        /// Waits before each piece of 1000 bytes.
        var pause: TimeAmount?
        /// States no length: the body ends where the connection does.
        var isLengthHidden = false
    }

    typealias Behaviour = @Sendable (Request) -> Reply

    private let channel: any Channel
    private let log: RequestLog

    private init(channel: any Channel, log: RequestLog) {
        self.channel = channel
        self.log = log
    }

    /// Every request so far, in order.
    var requests: [Request] { log.all }

    var endpoint: String { "http://127.0.0.1:\(port)" }

    var port: Int { channel.localAddress?.port ?? 0 }

    /// Runs `body` with a server that answers with `behaviour`.
    static func run<Value>(
        _ behaviour: @escaping Behaviour, _ body: (TestServer) async throws -> Value
    ) async throws -> Value {
        let log = RequestLog()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(
                        ReplyWriter(behaviour: behaviour, log: log))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let server = TestServer(channel: channel, log: log)
        do {
            let value = try await body(server)
            try await channel.close()
            return value
        } catch {
            try? await channel.close()
            throw error
        }
    }
}

/// What a server was asked, from all its connections.
final class RequestLog: Sendable {
    private let requests = Mutex<[TestServer.Request]>([])

    var all: [TestServer.Request] { requests.withLock { $0 } }

    func add(_ head: HTTPRequestHead) -> TestServer.Request {
        requests.withLock { requests in
            let method = head.method.rawValue
            let request = TestServer.Request(
                method: method, path: head.uri,
                headers: Dictionary(
                    head.headers.map { ($0.name.lowercased(), $0.value) },
                    uniquingKeysWith: { first, _ in first }),
                index: requests.count { $0.method == method })
            requests.append(request)
            return request
        }
    }
}
