public import Foundation

/// Finds model files in the cache and fetches those that are missing.
public struct ModelStore: Sendable {
    /// Where files are kept.
    public let folders: CacheFolders

    /// How downloads are made.
    public let options: TransferOptions

    /// A store in `folders`.
    public init(folders: CacheFolders, options: TransferOptions = TransferOptions()) {
        self.folders = folders
        self.options = options
    }

    /// The path of `file` if it lies complete in a cache folder, nil otherwise. Size and blob name
    /// are compared, the content is not hashed: ``pull(_:progress:)`` or ``verify(_:)`` do that.
    public func locate(_ file: ModelFile) -> URL? {
        for cache in folders.all {
            let folder = RepositoryFolder(cache: cache, repository: file.repository)
            if let path = folder.locate(file) { return path }
        }
        return nil
    }

    /// The files of `families` that lie complete in the cache, in the families' order.
    public func installed(in families: [ModelFamily] = ModelCatalogue.families) -> [InstalledModel]
    {
        families.flatMap { family in
            family.levels.compactMap { level in
                guard let file = level.file, let path = locate(file) else { return nil }
                return InstalledModel(
                    family: family.name, role: level.role, file: file, path: path,
                    bytes: fileBytes(path.resolvingSymlinksInPath()) ?? 0,
                    isVerified: record(file, at: path)?.covers(path) ?? false)
            }
        }
    }

    /// Hashes the located `file`, unless that was done before and it has not changed, and remembers
    /// a good result.
    ///
    /// - Returns: true if the content is right; false if it is damaged, if the file is not in the
    ///   cache, or if its SHA-256 is known neither from the catalogue nor from its blob's name.
    /// - Throws: ``ModelStoreError`` with code `cacheNotReadable`; `CancellationError`.
    public func verify(_ file: ModelFile) async throws -> Bool {
        guard
            let path = locate(file),
            let expected = folder(of: path, file).expectedSHA256(file, at: path),
            let record = record(file, at: path)
        else { return false }
        if record.covers(path) { return true }
        guard try await fileSHA256(path) == expected else { return false }
        record.write(for: path)
        return true
    }

    private func record(_ file: ModelFile, at path: URL) -> VerificationRecord? {
        let folder = folder(of: path, file)
        guard let sha256 = folder.expectedSHA256(file, at: path) else { return nil }
        return VerificationRecord(folder, sha256: sha256)
    }

    /// The repository folder, of all caches, that `path` lies in.
    private func folder(of path: URL, _ file: ModelFile) -> RepositoryFolder {
        let cache = folders.all.first { path.path.hasPrefix($0.path + "/") } ?? folders.primary
        return RepositoryFolder(cache: cache, repository: file.repository)
    }
}
