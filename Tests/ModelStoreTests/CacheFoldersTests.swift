import Foundation
import ModelStore
import Testing

@Suite struct `The cache folders` {
    static let everything = [
        "LLAMA_CACHE": "/llama", "HF_HUB_CACHE": "/hub", "HUGGINGFACE_HUB_CACHE": "/old",
        "HF_HOME": "/hf", "XDG_CACHE_HOME": "/xdg", "HOME": "/home/me",
    ]

    @Test func `are taken from the environment in llama.cpp's order`() throws {
        let folders = try CacheFolders(environment: Self.everything)
        #expect(folders.primary.path == "/llama")
        #expect(
            folders.all.map(\.path) == [
                "/llama", "/hub", "/old", "/hf/hub", "/xdg/huggingface/hub",
                "/home/me/.cache/huggingface/hub",
            ])
    }

    @Test func `pass over empty values and expand a leading tilde`() throws {
        let folders = try CacheFolders(
            environment: ["LLAMA_CACHE": "", "HF_HOME": "~/models", "HOME": "/home/me"])
        #expect(folders.primary.path == "/home/me/models/hub")
    }

    @Test func `cannot be told from an empty environment`() throws {
        let error = try #require(throws: ModelStoreError.self) {
            try CacheFolders(environment: ["HOME": ""])
        }
        #expect(error.code == .noCacheFolder)
    }

    @Test func `are all searched, the first one first`() throws {
        let folder = try TemporaryFolder()
        let sample = Sample(bytes: 10)
        let environment = [
            "HF_HUB_CACHE": folder.url.path + "/a", "HF_HOME": folder.url.path + "/b",
        ]
        let store = ModelStore(folders: try CacheFolders(environment: environment))
        #expect(store.locate(sample.file()) == nil)
        let blob = "models--owner--tiny-GGUF/blobs/\(sample.sha256)"
        let second = try folder.write(sample.content, to: "b/hub/\(blob)")
        #expect(store.locate(sample.file())?.path == second.path)
        let first = try folder.write(sample.content, to: "a/\(blob)")
        #expect(store.locate(sample.file())?.path == first.path)
    }
}
