public import Foundation
import PyramidDecoding

/// Keeps what automatic control has learnt on disk, so that a program need not calibrate at each
/// start nor guess how often levels agree: the costs of forwards, one small JSON file for each
/// model, backend, number of threads and machine, and the experience of each stack of models.
///
/// What cannot be read is learnt again; what cannot be written is lost, since it is never worth a
/// failure.
public struct ControlStore: Sendable {
    /// Where the files lie, in folders of their own.
    public let folder: URL

    /// A store in `folder`, which is made when something is kept.
    public init(folder: URL) {
        self.folder = folder
    }

    /// What is known of a model's costs.
    func cost(_ key: CostKey) -> ForwardCost? {
        read(ForwardCost.self, key).flatMap { $0.isSound ? $0 : nil }
    }

    /// What was learnt from text with a stack of models.
    func experience(_ key: ExperienceKey) -> Experience? {
        read(Experience.self, key).flatMap {
            $0.isSound(levelCount: key.levels.count) ? $0 : nil
        }
    }

    func keep(_ value: some Codable, _ key: some ControlKey) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(Entry(key: key, value: value)) else { return }
        let file = file(key)
        try? FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        // Another process may read or write it at the same time.
        try? data.write(to: file, options: .atomic)
    }

    private func read<Key: ControlKey, Value: Codable>(_: Value.Type, _ key: Key) -> Value? {
        guard let data = try? Data(contentsOf: file(key)),
            let entry = try? JSONDecoder().decode(Entry<Key, Value>.self, from: data),
            entry.key == key
        else { return nil }
        return entry.value
    }

    private func file(_ key: some ControlKey) -> URL {
        folder.appendingPathComponent(type(of: key).folder)
            .appendingPathComponent(key.fileName)
    }

    private struct Entry<Key: ControlKey, Value: Codable>: Codable {
        var key: Key
        var value: Value
    }
}
