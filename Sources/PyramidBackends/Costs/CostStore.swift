public import Foundation
import PyramidDecoding

/// Keeps what is known of forwards' costs on disk, one small JSON file for each model, backend,
/// number of threads and machine, so that a program need not calibrate at each start.
///
/// What cannot be read is measured again; what cannot be written is lost, since a cost is never
/// worth a failure.
public struct CostStore: Sendable {
    /// Where the files lie.
    public let folder: URL

    /// A store in `folder`, which is made when something is kept.
    public init(folder: URL) {
        self.folder = folder
    }

    /// What is known under this key.
    func cost(_ key: CostKey) -> ForwardCost? {
        guard let data = try? Data(contentsOf: file(key)),
            let entry = try? JSONDecoder().decode(Entry.self, from: data),
            entry.key == key, entry.cost.isSound
        else { return nil }
        return entry.cost
    }

    func keep(_ cost: ForwardCost, _ key: CostKey) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(Entry(key: key, cost: cost)) else { return }
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // Another process may read or write it at the same time.
        try? data.write(to: file(key), options: .atomic)
    }

    private func file(_ key: CostKey) -> URL { folder.appendingPathComponent(key.fileName) }

    private struct Entry: Codable {
        var key: CostKey
        var cost: ForwardCost
    }
}
