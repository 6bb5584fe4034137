import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import PyramidServer
import PyramidTestSupport
import Testing

/// A relay before a server over toy levels that listens on a Unix domain socket, as a child does.
@Suite(.serialized, .timeLimit(.minutes(2))) struct RelayTests {
    /// What a test may do with.
    private struct Relayed: Sendable {
        let port: Int
        let state: RelayState
        let engine: ServingEngine<ToyModel>
        /// The server behind the relay; cancelling it ends it as a lost process does.
        let child: Task<Void, any Error>

        func ask(
            _ method: HTTPRequest.Method, _ path: String, _ body: String = "",
            headers: HTTPFields = [:]
        ) async throws -> (status: Int, text: String, headers: HTTPFields) {
            try await TestClient.ask(port: port, method, path, body, headers: headers)
        }
    }

    /// Relays while `body` runs.
    private func run(
        _ toy: ToyServer = ToyServer(), options: ServerOptions = ServerOptions(),
        _ body: @Sendable (Relayed) async throws -> Void
    ) async throws {
        // Paths of sockets have room for about a hundred bytes.
        let socket = "/tmp/relay-\(UUID().uuidString.prefix(8))"
        defer { try? FileManager.default.removeItem(atPath: socket) }
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        var behind = ServerOptions()
        behind.socket = socket
        let engine = toy.engine()
        let server = ServerState(engine: engine, options: behind, metrics: ServerMetrics())
        server.setModel(toy.model)
        try await engine.isReady()
        let application = try PyramidServer(server, logger: logger).application()
        let child = Task { try await application.run() }
        let state = RelayState()
        let relay = RelayServer(state, socket: socket, options: options, logger: logger)
        while await relay.isReady() != true { try await Task.sleep(for: .milliseconds(5)) }
        state.setUp()
        try await relay.application().test(.live) { client in
            let port = try #require(client.port)
            try await body(Relayed(port: port, state: state, engine: engine, child: child))
        }
        child.cancel()
        _ = try? await child.value
        await relay.shutDown()
        await engine.stop(grace: .zero)
    }

    private static let request = #"{"prompt": "abc", "seed": 3, "max_tokens": 20"#

    @Test("Answers, streams, errors and paths come through as they are")
    func passes() async throws {
        let direct = try await ToyServer().run { client, _ in
            try await client.execute(
                uri: "/v1/completions", method: .post,
                body: ByteBuffer(string: Self.request + "}")
            ) { String(buffer: $0.body) }
        }
        let text = try #require(direct.firstMatch(of: /"text":"(.*?)","/)).output.1
        try await run { relayed in
            let whole = try await relayed.ask(.post, "/v1/completions", Self.request + "}")
            #expect(whole.status == 200)
            #expect(whole.text.contains(#""text":"\#(text)""#))
            let stream = try await relayed.ask(
                .post, "/v1/completions", Self.request + #", "stream": true}"#)
            #expect(stream.headers[.contentType]?.hasPrefix("text/event-stream") == true)
            #expect(stream.text.hasSuffix("data: [DONE]\n\n"))
            let wrong = try await relayed.ask(.post, "/v1/completions", #"{"prompt": 5}"#)
            #expect(wrong.status == 400)
            #expect(wrong.text.contains("prompt"))
            #expect(try await relayed.ask(.get, "/nothing?a=b%20c").status == 404)
            #expect(try await relayed.ask(.get, "/").text.contains("<html"))
            #expect(try await relayed.ask(.get, "/v1/models").text.contains(#""toy""#))
        }
    }

    @Test("Keys and sizes are checked before anything is passed on")
    func guards() async throws {
        var options = ServerOptions()
        options.keys = ["secret"]
        options.maximumBodyBytes = 100
        try await run(options: options) { relayed in
            let body = Self.request + "}"
            let stranger = try await relayed.ask(.post, "/v1/completions", body)
            #expect(stranger.status == 401)
            let key: HTTPFields = [.authorization: "Bearer secret"]
            let friend = try await relayed.ask(.post, "/v1/completions", body, headers: key)
            #expect(friend.status == 200)
            let long = #"{"prompt": "\#(String(repeating: "a", count: 200))"}"#
            let tooLong = try await relayed.ask(.post, "/v1/completions", long, headers: key)
            #expect(tooLong.status == 413)
        }
    }

    @Test("What waits at the other process keeps nobody from asking for its health")
    func many() async throws {
        var toy = ToyServer()
        toy.roundTime = .milliseconds(5)
        try await run(toy) { relayed in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for seed in 0..<24 {
                    group.addTask {
                        try await relayed.ask(
                            .post, "/v1/completions",
                            #"{"prompt": "abc", "seed": \#(seed), "max_tokens": 30}"#
                        ).status
                    }
                }
                while relayed.engine.status.waiting < 12 {
                    try await Task.sleep(for: .milliseconds(1))
                }
                #expect(try await relayed.ask(.get, "/health").status == 200)
                #expect(relayed.engine.status.waiting > 0)
                for try await status in group { #expect(status == 200) }
            }
        }
    }

    @Test("A target that is no path is not passed on", arguments: ["*@%2Ftmp%2Fx/a", "x/a", "*"])
    func targets(target: String) async throws {
        try await run { relayed in
            let answer = try await relayed.ask(.options, target)
            #expect(answer.status == 400 || answer.status == 404)
            #expect(!answer.text.contains("ended while"))
        }
    }

    @Test("While there is no process, every request is told why and when to come again")
    func down() async throws {
        try await run { relayed in
            relayed.state.setDown("a worker was lost")
            for (method, path) in [
                (HTTPRequest.Method.get, "/health"), (.post, "/v1/completions"), (.get, "/"),
            ] {
                let answer = try await relayed.ask(method, path, Self.request + "}")
                #expect(answer.status == 503)
                #expect(answer.text.contains("a worker was lost"))
                #expect(answer.headers[.retryAfter] == "1")
            }
            relayed.state.setUp()
            #expect(try await relayed.ask(.get, "/health").status == 200)
        }
    }

    @Test("A process that ends is told to all whom it was answering", arguments: [false, true])
    func lost(isStream: Bool) async throws {
        var toy = ToyServer()
        toy.roundTime = .milliseconds(20)
        try await run(toy) { relayed in
            async let answer = relayed.ask(
                .post, "/v1/completions",
                #"{"prompt": "abc", "ignore_eos": true, "max_tokens": 400, "stream": \#(isStream)}"#
            )
            while relayed.engine.status.running == 0 {
                try await Task.sleep(for: .milliseconds(2))
            }
            try await Task.sleep(for: .milliseconds(100))
            relayed.child.cancel()
            let lost = try await answer
            #expect(lost.status == (isStream ? 200 : 503))
            #expect(lost.text.contains("ended while it worked on this request"))
            #expect(!lost.text.contains("[DONE]"))
            #expect(try await relayed.ask(.get, "/health").status == 503)
        }
    }

    @Test("A client that goes away ends its request behind the relay", arguments: [false, true])
    func disconnects(isStream: Bool) async throws {
        var toy = ToyServer()
        toy.roundTime = .milliseconds(2)
        try await run(toy) { relayed in
            for close in [CloseMode.all, .output] {
                let gone = TestClient(host: "127.0.0.1", port: relayed.port)
                gone.connect()
                let body =
                    #"{"prompt": "abc", "ignore_eos": true, "max_tokens": 400, "stream": \#(isStream)}"#
                try await gone.executeAndDontWaitForResponse(
                    .init("/v1/completions", method: .post, body: ByteBuffer(string: body)))
                while relayed.engine.status.running == 0 {
                    try await Task.sleep(for: .milliseconds(1))
                }
                try await gone.close(mode: close)
                #expect(try await relayed.engine.isIdle())
                try? await gone.shutdown()
            }
        }
    }
}
