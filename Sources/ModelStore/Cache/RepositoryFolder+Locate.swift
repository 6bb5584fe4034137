package import Foundation

extension RepositoryFolder {
    /// The path of `file` if its content lies here complete, as far as size and names tell; nil
    /// otherwise. A link in a snapshot is preferred to the bare blob.
    package func locate(_ file: ModelFile) -> URL? {
        for commit in commits {
            let link = snapshotFile(file.name, commit: commit)
            if isComplete(link, for: file) { return link }
        }
        guard let sha256 = file.sha256, isComplete(blob(sha256), for: file) else { return nil }
        return blob(sha256)
    }

    /// The SHA-256 that the file at `path` should have: the catalogue's or that of its blob's name.
    func expectedSHA256(_ file: ModelFile, at path: URL) -> String? {
        if let sha256 = file.sha256 { return sha256 }
        let blobName = path.resolvingSymlinksInPath().lastPathComponent
        return blobName.isHexadecimal(digits: 64) ? blobName : nil
    }

    private func isComplete(_ path: URL, for file: ModelFile) -> Bool {
        let target = path.resolvingSymlinksInPath()
        guard let bytes = fileBytes(target), bytes > 0, bytes == file.bytes ?? bytes else {
            return false
        }
        let blobName = target.lastPathComponent
        guard let sha256 = file.sha256, blobName.isHexadecimal(digits: 64) else { return true }
        return blobName == sha256
    }
}

/// The size of the regular file at `url`, nil if there is none.
package func fileBytes(_ url: URL) -> Int? {
    guard
        let attributes = try? FileManager.default.attributesOfItem(atPath: url.path),
        attributes[.type] as? FileAttributeType == .typeRegular
    else { return nil }
    return (attributes[.size] as? NSNumber)?.intValue
}
