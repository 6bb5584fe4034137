import Crypto
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A download in progress: bytes are only ever appended, and hashed as they come.
///
/// Invariant: `digest` covers exactly the `bytes` bytes of the file.
final class PartialFile {
    let url: URL

    /// The length of the file in bytes.
    private(set) var bytes = 0

    private var digest = SHA256()
    private let descriptor: Int32

    /// Opens the file at `url`, made if absent; call ``keep(first:)`` before anything else.
    init(_ url: URL) throws(ModelStoreError) {
        self.url = url
        descriptor = open(url.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw .storage("open", path: url.path, systemCode: errno)
        }
    }

    deinit { close(descriptor) }

    /// Keeps at most the first `limit` bytes of what is on disk and hashes them.
    func keep(first limit: Int) async throws {
        let found = Int(lseek(descriptor, 0, SEEK_END))
        let kept = max(0, min(found, limit))
        guard ftruncate(descriptor, off_t(kept)) == 0 else {
            throw ModelStoreError.storage("shorten", path: url.path, systemCode: errno)
        }
        lseek(descriptor, 0, SEEK_SET)
        bytes = 0
        digest = SHA256()
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while bytes < kept {
            try Task.checkCancellation()
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { throw ModelStoreError.unreadable(url.path, systemCode: errno) }
            digest.update(data: buffer[..<count])
            bytes += count
            // The hash of a long prefix takes seconds: let others use the thread.
            await Task.yield()
        }
    }

    /// Appends `data`.
    func append(_ data: UnsafeRawBufferPointer) throws(ModelStoreError) {
        var rest = data
        while !rest.isEmpty {
            let count = write(descriptor, rest.baseAddress, rest.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                throw .storage("write", path: url.path, systemCode: count < 0 ? errno : ENOSPC)
            }
            digest.update(bufferPointer: UnsafeRawBufferPointer(rebasing: rest[..<count]))
            bytes += count
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    /// The SHA-256 of the bytes so far, in lower-case hexadecimal digits.
    var sha256: String { digest.finalize().hexadecimal }

    /// Makes the bytes survive a crash of the machine.
    func synchronize() throws(ModelStoreError) {
        guard fsync(descriptor) == 0 else {
            throw .storage("write", path: url.path, systemCode: errno)
        }
    }

    /// Deletes the file.
    func discard() { unlink(url.path) }
}
