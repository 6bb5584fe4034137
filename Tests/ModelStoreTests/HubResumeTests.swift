import Foundation
import NIOCore
import Testing

import ModelStore

@Suite struct `An interrupted download` {
    let sample = Sample()

    @Test(arguments: [1, 1000, 65_536, 99_999])
    func `goes on where the connection was cut`(_ cut: Int) async throws {
        let behaviour = HubBehaviour(sample: sample)
        let cutting: TestServer.Behaviour = { request in
            var reply = behaviour.reply(request)
            if request.method == "GET", request.index == 0 { reply.cut = cut }
            return reply
        }
        try await TestServer.run(cutting) { server in
            let fixture = try StoreFixture(endpoint: server.endpoint)
            #expect(try content(try await fixture.store.pull(sample.file())) == sample.content)
            let gets = server.requests.filter { $0.method == "GET" }
            #expect(gets.count == 2)
            // The client may drop what had come but was not handed on yet: never more than came.
            let range = try #require(gets.last?.headers["range"])
            let first = try #require(Int(range.dropFirst("bytes=".count).dropLast()))
            #expect(first > 0 && first <= cut)
            #expect(gets.last?.headers["if-range"] == "\"content-1\"")
        }
    }

    @Test func `of an earlier run is continued, its prefix hashed again`() async throws {
        let behaviour = HubBehaviour(sample: sample)
        try await TestServer.run({ behaviour.reply($0) }) { server in
            let fixture = try StoreFixture(endpoint: server.endpoint)
            try fixture.leavePartial(sample, bytes: 40_000)
            let log = ProgressLog()
            let path = try await fixture.store.pull(sample.file(), progress: log.add)
            #expect(try content(path) == sample.content)
            #expect(server.requests.last?.headers["range"] == "bytes=40000-")
            #expect(log.all.first?.bytesDone == 40_000)
        }
    }

    @Test func `that was complete is put in place without a request for content`() async throws {
        let behaviour = HubBehaviour(sample: sample)
        try await TestServer.run({ behaviour.reply($0) }) { server in
            let fixture = try StoreFixture(endpoint: server.endpoint)
            try fixture.leavePartial(sample, bytes: sample.content.count)
            #expect(try content(try await fixture.store.pull(sample.file())) == sample.content)
            #expect(server.requests.map(\.method) == ["HEAD"])
        }
    }

    @Test func `with a damaged prefix is deleted and the error names both hashes`() async throws {
        let behaviour = HubBehaviour(sample: sample)
        try await TestServer.run({ behaviour.reply($0) }) { server in
            let fixture = try StoreFixture(endpoint: server.endpoint)
            try fixture.folder.write(
                [UInt8](repeating: 7, count: 1000),
                to: "models--owner--tiny-GGUF/blobs/\(sample.sha256).incomplete")
            let error = try await fixture.pullError(sample.file())
            #expect(error.code == .checksumMismatch)
            #expect(error.message.contains("expected \(sample.sha256)"))
            #expect(!FileManager.default.fileExists(atPath: fixture.incomplete(sample).path))
            #expect(try content(try await fixture.store.pull(sample.file())) == sample.content)
        }
    }

    @Test func `starts from zero when the server ignores ranges`() async throws {
        let behaviour = HubBehaviour(sample: sample, knowsRanges: false)
        try await TestServer.run({ behaviour.reply($0) }) { server in
            let fixture = try StoreFixture(endpoint: server.endpoint)
            try fixture.leavePartial(sample, bytes: 40_000)
            #expect(try content(try await fixture.store.pull(sample.file())) == sample.content)
            #expect(server.requests.last?.headers["range"] == "bytes=40000-")
        }
    }

    @Test func `ends in bounded time when a server without ranges always cuts`() async throws {
        let behaviour = HubBehaviour(sample: sample, knowsRanges: false)
        let cutting: TestServer.Behaviour = { request in
            var reply = behaviour.reply(request)
            reply.cut = 50_000
            return reply
        }
        try await TestServer.run(cutting) { server in
            var fixture = try StoreFixture(endpoint: server.endpoint)
            fixture.options.worthwhileBytes = 40_000
            #expect(try await fixture.pullError(sample.file()).code == .connection)
            #expect(server.requests.count { $0.method == "GET" } <= 8)
        }
    }

    @Test func `gets through a server that cuts often if each attempt is worth while`()
        async throws
    {
        let behaviour = HubBehaviour(sample: sample)
        let cutting: TestServer.Behaviour = { request in
            var reply = behaviour.reply(request)
            if reply.body.count > 10_000 { reply.cut = 10_000 }
            return reply
        }
        try await TestServer.run(cutting) { server in
            var fixture = try StoreFixture(endpoint: server.endpoint)
            fixture.options.worthwhileBytes = 5000
            #expect(try content(try await fixture.store.pull(sample.file())) == sample.content)
            #expect(server.requests.count { $0.method == "GET" } >= 10)
        }
    }

    @Test func `survives the task's cancellation and is resumed`() async throws {
        let behaviour = HubBehaviour(sample: sample)
        let slow: TestServer.Behaviour = { request in
            var reply = behaviour.reply(request)
            if request.index == 0 { reply.pause = .milliseconds(20) }
            return reply
        }
        try await TestServer.run(slow) { server in
            let fixture = try StoreFixture(endpoint: server.endpoint)
            let store = fixture.store
            let pull = Task { try await store.pull(sample.file()) }
            while (fileBytes(fixture.incomplete(sample)) ?? 0) < 3000 {
                try await Task.sleep(for: .milliseconds(5))
            }
            pull.cancel()
            await #expect(throws: CancellationError.self) { try await pull.value }
            let kept = try #require(fileBytes(fixture.incomplete(sample)))
            #expect(kept >= 3000 && kept < sample.content.count)
            #expect(try content(try await store.pull(sample.file())) == sample.content)
            #expect(server.requests.last?.headers["range"] == "bytes=\(kept)-")
        }
    }
}
