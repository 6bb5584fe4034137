import Foundation
import Synchronization
import Testing

import ModelStore

/// A store in an empty cache, without pauses between attempts.
struct StoreFixture {
    let folder: TemporaryFolder
    var options = TransferOptions()

    init(endpoint: String = "http://127.0.0.1:1") throws {
        folder = try TemporaryFolder()
        options.endpoint = endpoint
        options.retryDelays = [.zero, .zero, .zero]
        options.idleTimeout = .milliseconds(300)
        options.connectTimeout = .seconds(2)
    }

    var store: ModelStore { ModelStore(folders: CacheFolders(folder.url), options: options) }

    var repository: RepositoryFolder {
        RepositoryFolder(cache: folder.url, repository: "owner/tiny-GGUF")
    }

    /// The partial file of `sample`.
    func incomplete(_ sample: Sample) -> URL { repository.incomplete(sample.sha256) }

    /// Leaves the first `bytes` of `sample` as an interrupted download would.
    func leavePartial(_ sample: Sample, bytes: Int) throws {
        let path = "models--owner--tiny-GGUF/blobs/\(sample.sha256).incomplete"
        try folder.write(Array(sample.content.prefix(bytes)), to: path)
    }

    /// The error that pulling `file` ends with.
    func pullError(_ file: ModelFile) async throws -> ModelStoreError {
        try await #require(throws: ModelStoreError.self) { try await store.pull(file) }
    }
}

/// Collects progress reports.
final class ProgressLog: Sendable {
    private let reports = Mutex<[TransferProgress]>([])

    var all: [TransferProgress] { reports.withLock { $0 } }

    func add(_ progress: TransferProgress) { reports.withLock { $0.append(progress) } }
}

/// The bytes of the file at `url`.
func content(_ url: URL) throws -> [UInt8] { Array(try Data(contentsOf: url)) }
