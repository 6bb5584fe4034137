import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An exclusive advisory lock on a file, held until the value goes away or its program ends.
final class FileLock {
    private let descriptor: Int32

    private init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Waits until the lock on the file at `url` (made if absent) is free and takes it.
    ///
    /// - Throws: ``ModelStoreError`` with code `cacheNotWritable`; `CancellationError`.
    static func acquire(_ url: URL) async throws -> FileLock {
        let descriptor = open(url.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw ModelStoreError.storage("open the lock", path: url.path, systemCode: errno)
        }
        let lock = FileLock(descriptor: descriptor)
        // Polling instead of a blocking call: it can be cancelled and occupies no thread.
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let code = errno
            guard code == EWOULDBLOCK || code == EINTR else {
                throw ModelStoreError.storage("lock", path: url.path, systemCode: code)
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        return lock
    }
}
