import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Brings one file from the hub, resuming what is there and repeating what broke.
struct HubDownload {
    let hub: HubClient
    let file: ModelFile
    let expected: ExpectedContent
    let meter: ProgressMeter

    /// Appends what `partial` lacks until it has all bytes.
    func fill(_ partial: PartialFile) async throws {
        if let total = expected.bytes, partial.bytes > total { try await partial.keep(first: 0) }
        var schedule = RetrySchedule(hub.options, startBytes: partial.bytes)
        var etag: String?
        meter.restart(at: partial.bytes, total: expected.bytes)
        while expected.bytes.map({ partial.bytes < $0 }) ?? true {
            do {
                try await attempt(partial, etag: &etag)
                guard let total = expected.bytes, partial.bytes < total else { break }
                // A clean end too early, as of a server that states no length and dies.
                throw ModelStoreError(
                    code: .connection,
                    message: """
                        \(hub.address.host) ended \(file.name) after \(partial.bytes) of \(total) \
                        bytes.
                        """)
            } catch let error as ModelStoreError where isWorthRepeating(error) {
                guard let pause = schedule.pause(havingReached: partial.bytes) else {
                    throw error
                }
                try await Task.sleep(for: pause)
            }
        }
        meter.advance(to: partial.bytes, isLast: true)
    }

    /// Here the name was found before, so that its loss means a network that comes and goes.
    private func isWorthRepeating(_ error: ModelStoreError) -> Bool {
        error.isTransient || error.code == .nameResolution
    }

    /// One request; on return the answer ended without an error.
    private func attempt(_ partial: PartialFile, etag: inout String?) async throws {
        let response = try await hub.open(file, from: partial.bytes, etag: etag)
        try await place(response, in: partial)
        etag = strongETag(response)
        var body = response.body.makeAsyncIterator()
        while let buffer = try await next(&body) {
            if let total = expected.bytes, partial.bytes + buffer.readableBytes > total {
                let found = partial.bytes + buffer.readableBytes
                partial.discard()
                throw ModelStoreError.sizeMismatch(file, expected: total, found: found)
            }
            try buffer.withUnsafeReadableBytes { try partial.append($0) }
            meter.advance(to: partial.bytes)
        }
        // A cancelled body ends as if it were complete.
        try Task.checkCancellation()
    }

    /// Sets `partial` to where the body of `response` begins.
    private func place(_ response: HTTPClientResponse, in partial: PartialFile) async throws {
        if response.status == .partialContent, partial.bytes > 0 {
            let header = response.headers.first(name: "Content-Range") ?? ""
            let range = ContentRange(header)
            if let range, range.first == partial.bytes,
                range.total == nil || expected.bytes == nil || range.total == expected.bytes
            {
                return
            }
            try await partial.keep(first: 0)
            throw ModelStoreError(
                code: .serverFailure,
                message: """
                    \(hub.address.host) answers another range (\(header)) than it was asked for.
                    """)
        }
        if response.status == .ok, let total = expected.bytes,
            let length = response.headers.first(name: "Content-Length").flatMap(Int.init),
            length != total
        {
            partial.discard()
            throw ModelStoreError.sizeMismatch(file, expected: total, found: length)
        }
        guard partial.bytes > 0 else { return }
        // 200 instead of 206, or 416: the server wants to start anew.
        try await partial.keep(first: 0)
        meter.restart(at: 0, total: expected.bytes)
        guard response.status != .rangeNotSatisfiable else {
            throw ModelStoreError(
                code: .serverFailure,
                message: "\(hub.address.host) knows no bytes of \(file.name) after ours.")
        }
    }

    private func next(
        _ body: inout HTTPClientResponse.Body.AsyncIterator
    ) async throws -> ByteBuffer? {
        do {
            return try await body.next()
        } catch {
            throw hub.networkFailure(error, url: hub.address.resolve(file))
        }
    }

    /// The tag of the answer, if it is a strong one: no other may stand in `If-Range`.
    private func strongETag(_ response: HTTPClientResponse) -> String? {
        guard let tag = response.headers.first(name: "ETag"), tag.hasPrefix("\"") else {
            return nil
        }
        return tag
    }
}
