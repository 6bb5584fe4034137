import Foundation
import NIOCore
import Testing

import ModelStore

@Suite struct `A pull from the hub` {
    let sample = Sample()

    @Test func `stores the file in the hub's layout and reports its progress`() async throws {
        let behaviour = HubBehaviour(sample: sample)
        try await TestServer.run({ behaviour.reply($0) }) { server in
            let fixture = try StoreFixture(endpoint: server.endpoint)
            let log = ProgressLog()
            let path = try await fixture.store.pull(sample.file(), progress: log.add)
            #expect(try content(path) == sample.content)
            #expect(path == fixture.repository.snapshotFile("tiny.gguf", commit: Sample.commit))
            #expect(
                try FileManager.default.destinationOfSymbolicLink(atPath: path.path)
                    == "../../blobs/\(sample.sha256)")
            #expect(fixture.repository.mainCommit == Sample.commit)
            #expect(!FileManager.default.fileExists(atPath: fixture.incomplete(sample).path))
            #expect(log.all.last?.bytesDone == sample.content.count)
            #expect(log.all.last?.bytesTotal == sample.content.count)
            #expect(server.requests.map(\.path).allSatisfy { $0 == Self.path })
            #expect(server.requests.allSatisfy { $0.headers["user-agent"] == "pyramid/0.1.0" })
        }
    }

    @Test func `asks nobody again once the file is there`() async throws {
        let behaviour = HubBehaviour(sample: sample)
        try await TestServer.run({ behaviour.reply($0) }) { server in
            let fixture = try StoreFixture(endpoint: server.endpoint)
            let first = try await fixture.store.pull(sample.file())
            let requests = server.requests.count
            #expect(try await fixture.store.pull(sample.file()) == first)
            #expect(server.requests.count == requests)
        }
    }

    @Test func `takes size and hash from the hub when the catalogue knows none`() async throws {
        let behaviour = HubBehaviour(sample: sample)
        try await TestServer.run({ behaviour.reply($0) }) { server in
            let fixture = try StoreFixture(endpoint: server.endpoint)
            let path = try await fixture.store.pull(sample.file(isKnown: false))
            #expect(path.resolvingSymlinksInPath().lastPathComponent == sample.sha256)
            #expect(try await fixture.store.verify(sample.file(isKnown: false)))
        }
    }

    @Test func `accepts a server that states no length and no facts`() async throws {
        let plain = TestServer.Reply(body: sample.content, isLengthHidden: true)
        try await TestServer.run({ _ in plain }) { server in
            let fixture = try StoreFixture(endpoint: server.endpoint)
            let path = try await fixture.store.pull(sample.file())
            #expect(try content(path) == sample.content)
            // No commit is known: the name is derived from the hash.
            #expect(fixture.repository.mainCommit == String(sample.sha256.prefix(40)))
        }
    }

    @Test func `repeats after 503 and gives up after its attempts`() async throws {
        let behaviour = HubBehaviour(sample: sample)
        let flaky: TestServer.Behaviour = {
            $0.index < 2 ? TestServer.Reply(status: 503) : behaviour.reply($0)
        }
        try await TestServer.run(flaky) { server in
            let fixture = try StoreFixture(endpoint: server.endpoint)
            #expect(try content(try await fixture.store.pull(sample.file())) == sample.content)
            #expect(server.requests.map(\.method) == ["HEAD", "HEAD", "HEAD", "GET", "GET", "GET"])
        }
    }

    @Test func `keeps the token from another host it is redirected to`() async throws {
        let behaviour = HubBehaviour(sample: sample)
        try await TestServer.run({ behaviour.reply($0) }) { storage in
            let target = storage.endpoint + "/signed/blob?key=1"
            let redirecting: TestServer.Behaviour = { request in
                if request.path == Self.path {
                    return TestServer.Reply(status: 307, headers: ["Location": "/renamed"])
                }
                return TestServer.Reply(
                    status: 302, headers: behaviour.facts.merging(["Location": target]) { $1 })
            }
            try await TestServer.run(redirecting) { hub in
                var fixture = try StoreFixture(endpoint: hub.endpoint)
                fixture.options.token = "hf_secret"
                let path = try await fixture.store.pull(sample.file(isKnown: false))
                #expect(try content(path) == sample.content)
                #expect(hub.requests.count == 4)
                #expect(
                    hub.requests.allSatisfy { $0.headers["authorization"] == "Bearer hf_secret" })
                #expect(storage.requests.map(\.path) == ["/signed/blob?key=1"])
                #expect(storage.requests.allSatisfy { $0.headers["authorization"] == nil })
            }
        }
    }

    @Test func `replaces a damaged copy in the cache`() async throws {
        let behaviour = HubBehaviour(sample: sample)
        try await TestServer.run({ behaviour.reply($0) }) { server in
            let fixture = try StoreFixture(endpoint: server.endpoint)
            let path = try await fixture.store.pull(sample.file())
            var damaged = sample.content
            damaged[500] ^= 1
            try Data(damaged).write(to: fixture.repository.blob(sample.sha256))
            #expect(try await !fixture.store.verify(sample.file()))
            #expect(try await fixture.store.pull(sample.file()) == path)
            #expect(try content(path) == sample.content)
        }
    }

    @Test func `is made once when two pull at the same time`() async throws {
        let behaviour = HubBehaviour(sample: sample)
        let slow: TestServer.Behaviour = { request in
            var reply = behaviour.reply(request)
            reply.pause = .milliseconds(2)
            return reply
        }
        try await TestServer.run(slow) { server in
            let fixture = try StoreFixture(endpoint: server.endpoint)
            let store = fixture.store
            async let first = store.pull(sample.file())
            async let second = store.pull(sample.file())
            #expect(try await first == second)
            #expect(server.requests.map(\.method) == ["HEAD", "GET"])
        }
    }

    static let path = "/owner/tiny-GGUF/resolve/main/tiny.gguf"
}
