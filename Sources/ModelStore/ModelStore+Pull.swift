public import Foundation

extension ModelStore {
    /// Brings `file` into the cache, unless it is there and its content is right.
    ///
    /// The sources are tried in order. A download continues what an earlier one left, is checked
    /// for size and SHA-256, and appears under its name only when it is complete. Two pulls of the
    /// same file, also of two programs, do not collide: the second waits and finds the file there.
    /// A cancelled task leaves the partial file for the next pull. A damaged copy in the cache is
    /// replaced.
    ///
    /// - Parameters:
    ///   - file: what to fetch.
    ///   - progress: called ten times a second at most, from any thread.
    /// - Returns: the path of the complete file.
    /// - Throws: ``ModelStoreError``: the only source's own, or `allSourcesFailed` with each
    ///   reason; those of the disk at once. `CancellationError`.
    public func pull(
        _ file: ModelFile,
        progress: @escaping @Sendable (TransferProgress) -> Void = { _ in }
    ) async throws -> URL {
        if try await verify(file), let path = locate(file) { return path }
        let folder = RepositoryFolder(cache: folders.primary, repository: file.repository)
        try folder.prepare()
        let lockName = file.sha256 ?? file.name.replacing("/", with: "--")
        let lock = try await FileLock.acquire(
            folder.locks.appendingPathComponent("\(lockName).lock"))
        defer { withExtendedLifetime(lock) {} }
        if try await verify(file), let path = locate(file) { return path }
        return try await pullFromSources(file, into: folder, progress: progress)
    }

    private func pullFromSources(
        _ file: ModelFile, into folder: RepositoryFolder,
        progress: @escaping @Sendable (TransferProgress) -> Void
    ) async throws -> URL {
        var reasons: [(source: ModelSource, error: ModelStoreError)] = []
        for source in file.sources {
            let meter = ProgressMeter(file: file, source: source, report: progress)
            do {
                let pull = SourcePull(file: file, folder: folder, options: options, meter: meter)
                return try await pull.run(source)
            } catch let error as ModelStoreError {
                guard !error.isLocal else { throw error }
                reasons.append((source, error))
            }
        }
        guard let first = reasons.first else {
            throw ModelStoreError(
                code: .noSource, message: "The catalogue names no source for \(file.name).")
        }
        throw reasons.count == 1 ? first.error : .allSourcesFailed(file, reasons: reasons)
    }
}
