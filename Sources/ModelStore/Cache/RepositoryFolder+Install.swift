package import Foundation

extension RepositoryFolder {
    /// Makes the folders that a download needs.
    package func prepare() throws(ModelStoreError) {
        for folder in [blobs, snapshots, locks, mainReference.deletingLastPathComponent()] {
            try makeFolder(folder)
        }
    }

    /// Links the blob into the snapshot of `hubCommit` and makes that the main branch; without a
    /// commit from the hub, into that of the catalogue, of the main branch or of a name derived
    /// from the hash, in this order, leaving an existing main branch alone.
    ///
    /// - Returns: the link's path.
    package func install(
        _ file: ModelFile, sha256: String, hubCommit: String?
    ) throws(ModelStoreError) -> URL {
        let main = mainCommit
        let commit = hubCommit ?? file.commit ?? main ?? derivedCommit(sha256)
        let link = snapshotFile(file.name, commit: commit)
        try makeFolder(link.deletingLastPathComponent())
        let climb = String(repeating: "../", count: file.name.split(separator: "/").count + 1)
        try replaceLink(link, destination: "\(climb)blobs/\(sha256)")
        if let hubCommit, hubCommit != main {
            // llama.cpp only lists the main branch: what we filed under a derived name moves along.
            if let main, isDerived(main) { try carryLinks(from: main, to: hubCommit) }
            try writeMain(hubCommit)
        } else if main == nil {
            try writeMain(commit)
        }
        return link
    }

    /// A name of a commit's shape for content whose commit is not known: the first 40 digits of its
    /// SHA-256.
    private func derivedCommit(_ sha256: String) -> String { String(sha256.prefix(40)) }

    private func isDerived(_ commit: String) -> Bool {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: blobs.path)) ?? []
        return names.contains { $0.hasPrefix(commit) }
    }

    private func carryLinks(from old: String, to new: String) throws(ModelStoreError) {
        let source = snapshots.appendingPathComponent(old)
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: source.path)) ?? []
        for name in names {
            let link = snapshotFile(name, commit: new)
            let oldPath = source.appendingPathComponent(name).path
            guard
                let target = try? FileManager.default.destinationOfSymbolicLink(atPath: oldPath),
                !FileManager.default.fileExists(atPath: link.path)
            else { continue }
            try makeFolder(link.deletingLastPathComponent())
            try replaceLink(link, destination: target)
        }
    }

    private func writeMain(_ commit: String) throws(ModelStoreError) {
        do {
            try Data(commit.utf8).write(to: mainReference, options: .atomic)
        } catch {
            throw .storage("write", path: mainReference.path, error: error)
        }
    }

    private func makeFolder(_ folder: URL) throws(ModelStoreError) {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw .storage("make the folder", path: folder.path, error: error)
        }
    }

    private func replaceLink(_ link: URL, destination: String) throws(ModelStoreError) {
        // An older link may point to another blob; renaming a new one over it is atomic.
        let temporary = link.appendingPathExtension(UUID().uuidString)
        do {
            try FileManager.default.createSymbolicLink(
                atPath: temporary.path, withDestinationPath: destination)
        } catch {
            throw .storage("link", path: link.path, error: error)
        }
        try moveFile(temporary, over: link)
    }
}
