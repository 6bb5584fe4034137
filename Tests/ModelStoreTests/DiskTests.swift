import Foundation
import Testing

import ModelStore

@Suite struct `A disk` {
    let sample = Sample()

    @Test func `with too little space stops the pull before it begins`() async throws {
        let fixture = try StoreFixture()
        let huge = 1 << 60
        let file = ModelFile(
            repository: "owner/tiny-GGUF", name: "huge.gguf", bytes: huge, sha256: sample.sha256,
            licence: .apache2)
        let behaviour = HubBehaviour(sample: sample, statesFacts: false)
        try await TestServer.run({ behaviour.reply($0) }) { server in
            var fixture = fixture
            fixture.options.endpoint = server.endpoint
            let error = try await fixture.pullError(file)
            #expect(error.code == .diskFull)
            #expect(error.message.contains("needs \(huge)"))
            #expect(error.message.contains("bytes free"))
            #expect(server.requests.map(\.method) == ["HEAD"])
        }
    }

    @Test(
        .enabled(
            if: SmallDisk.isAvailable, "skipped: this account may not mount a small file system"))
    func `that becomes full stops the pull at once and keeps what it has`() async throws {
        let disk = try SmallDisk(kilobytes: 64)
        // The server hides the size: only the write can find out.
        let file = ModelFile(
            repository: "owner/tiny-GGUF", name: "tiny.gguf", sha256: sample.sha256,
            licence: .apache2)
        let behaviour = HubBehaviour(sample: sample, statesFacts: false)
        try await TestServer.run({ behaviour.reply($0) }) { server in
            var options = TransferOptions()
            options.endpoint = server.endpoint
            let store = ModelStore(folders: CacheFolders(disk.url), options: options)
            let error = try await #require(throws: ModelStoreError.self) {
                try await store.pull(file)
            }
            #expect(error.code == .diskFull)
            #expect(error.message.contains("became full"))
            #expect(server.requests.count == 2)
        }
        let names = try FileManager.default.subpathsOfDirectory(atPath: disk.url.path)
        #expect(names.contains { $0.hasSuffix(".incomplete") })
    }

    @Test(
        .enabled(
            if: SmallDisk.isAvailable, "skipped: this account may not mount a small file system"))
    func `that is read-only is named`() async throws {
        let disk = try SmallDisk(kilobytes: 64)
        try disk.makeReadOnly()
        let store = ModelStore(folders: CacheFolders(disk.url))
        let error = try await #require(throws: ModelStoreError.self) {
            try await store.pull(sample.file())
        }
        #expect(error.code == .cacheNotWritable)
        #expect(error.message.contains(disk.url.path))
        #expect(error.message.contains("Read-only file system"))
    }

    @Test func `where the cache would lie below a file is named`() async throws {
        let folder = try TemporaryFolder()
        try folder.write([1], to: "file")
        let store = ModelStore(
            folders: CacheFolders(folder.url.appendingPathComponent("file/cache")))
        let error = try await #require(throws: ModelStoreError.self) {
            try await store.pull(sample.file())
        }
        #expect(error.code == .cacheNotWritable)
        #expect(error.message.contains("HF_HUB_CACHE"))
    }
}
