package import Foundation

/// The cache folder of one repository in the hub's layout:
/// `models--OWNER--NAME/{blobs/<sha256>, refs/main, snapshots/<commit>/<file>}`, where a snapshot's
/// file is a relative symbolic link to its blob.
package struct RepositoryFolder: Sendable {
    /// The cache that the repository lies in.
    package let cache: URL

    /// The repository's folder.
    package let folder: URL

    /// Where locks and verification records of the repository are kept. The hub's tools lock the
    /// same files in the same way, so that they and this program wait for each other.
    package let locks: URL

    package init(cache: URL, repository: String) {
        let name = "models--" + repository.replacing("/", with: "--")
        self.cache = cache
        folder = cache.appendingPathComponent(name, isDirectory: true)
        locks = cache.appendingPathComponent(".locks/\(name)", isDirectory: true)
    }

    package var blobs: URL { folder.appendingPathComponent("blobs", isDirectory: true) }

    package var snapshots: URL { folder.appendingPathComponent("snapshots", isDirectory: true) }

    /// The file that names the commit of the main branch.
    package var mainReference: URL { folder.appendingPathComponent("refs/main") }

    package func blob(_ sha256: String) -> URL { blobs.appendingPathComponent(sha256) }

    /// The partial download of a blob.
    package func incomplete(_ sha256: String) -> URL {
        blobs.appendingPathComponent("\(sha256).incomplete")
    }

    package func snapshotFile(_ name: String, commit: String) -> URL {
        snapshots.appendingPathComponent(commit).appendingPathComponent(name)
    }

    /// The commit of the main branch, nil if none (or no valid one) is recorded.
    package var mainCommit: String? {
        guard let text = try? String(contentsOf: mainReference, encoding: .utf8) else { return nil }
        let commit = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return commit.isHexadecimal(digits: 40) ? commit : nil
    }

    /// The commits that have a snapshot, that of the main branch first.
    package var commits: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: snapshots.path)) ?? []
        let main = mainCommit
        return names.sorted { ($0 == main ? 0 : 1, $0) < ($1 == main ? 0 : 1, $1) }
    }
}

extension String {
    /// True for exactly `digits` hexadecimal digits.
    package func isHexadecimal(digits: Int) -> Bool {
        utf8.count == digits && utf8.allSatisfy { Character(UnicodeScalar($0)).isHexDigit }
    }
}
