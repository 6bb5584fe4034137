import Foundation

/// A note beside the lock of a blob that its content was hashed and found right, valid as long as
/// the blob's size and time of change stay the same.
struct VerificationRecord: Sendable {
    private let note: URL

    init(_ folder: RepositoryFolder, sha256: String) {
        note = folder.locks.appendingPathComponent("\(sha256).verified")
    }

    /// True if `path` was verified and has not been changed since.
    func covers(_ path: URL) -> Bool {
        guard let noted = try? String(contentsOf: note, encoding: .utf8) else { return false }
        return noted == Self.fingerprint(path)
    }

    /// Notes that `path` is verified. A cache that cannot be written to only loses the note.
    func write(for path: URL) {
        guard let fingerprint = Self.fingerprint(path) else { return }
        try? FileManager.default.createDirectory(
            at: note.deletingLastPathComponent(), withIntermediateDirectories: true)
        try? Data(fingerprint.utf8).write(to: note, options: .atomic)
    }

    private static func fingerprint(_ path: URL) -> String? {
        let target = path.resolvingSymlinksInPath().path
        guard
            let attributes = try? FileManager.default.attributesOfItem(atPath: target),
            let bytes = attributes[.size] as? NSNumber,
            let changed = attributes[.modificationDate] as? Date
        else { return nil }
        return "\(bytes.intValue) bytes, changed \(changed.timeIntervalSince1970)\n"
    }
}
