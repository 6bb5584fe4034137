import Foundation

/// A small file beside a partial download that remembers where its finished parts end, in bytes.
struct PartJournal: Sendable {
    let url: URL

    /// The ends in rising order; nothing if there is no journal or it is damaged.
    func read() -> [Int] {
        guard let text = try? String(contentsOf: url, encoding: .utf8) else { return [] }
        let ends = text.split(separator: "\n").map { Int($0) ?? 0 }
        let isRising = zip([0] + ends, ends).allSatisfy { $0 < $1 }
        return isRising ? ends : []
    }

    func write(_ ends: [Int]) throws(ModelStoreError) {
        do {
            let text = ends.map { "\($0)\n" }.joined()
            try Data(text.utf8).write(to: url, options: .atomic)
        } catch {
            throw .storage("write", path: url.path, error: error)
        }
    }

    func discard() { try? FileManager.default.removeItem(at: url) }
}
