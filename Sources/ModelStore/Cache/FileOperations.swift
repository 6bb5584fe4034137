import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Renames `source` to `destination` atomically, replacing what is there.
func moveFile(_ source: URL, over destination: URL) throws(ModelStoreError) {
    guard rename(source.path, destination.path) != 0 else { return }
    throw .storage("rename to", path: destination.path, systemCode: errno)
}

/// Throws if the disk of `folder` has fewer than `bytes` free bytes for this user.
func requireFreeSpace(_ bytes: Int, in folder: URL) throws(ModelStoreError) {
    var info = statvfs()
    guard statvfs(folder.path, &info) == 0 else {
        throw .storage("ask for the free space of", path: folder.path, systemCode: errno)
    }
    let free = Int(clamping: UInt64(info.f_bavail) * UInt64(info.f_frsize))
    guard free < bytes else { return }
    throw .diskFull(path: folder.path, neededBytes: bytes, freeBytes: free)
}

extension ModelStoreError {
    /// Foundation failed to do `action`; the system's error number is taken from below its own.
    static func storage(
        _ action: String, path: String, error: any Error
    ) -> ModelStoreError {
        var cause: NSError? = error as NSError
        while let current = cause {
            if current.domain == NSPOSIXErrorDomain {
                return .storage(action, path: path, systemCode: Int32(current.code))
            }
            // Not `as? NSError`: on Linux the value may be a POSIXError.
            let below = current.userInfo[NSUnderlyingErrorKey] as? any Error
            cause = below.map { $0 as NSError }
        }
        return ModelStoreError(
            code: .cacheNotWritable,
            message: """
                Cannot \(action) \(path): \(error.localizedDescription). Make the cache folder writable or set \
                HF_HUB_CACHE to another one.
                """)
    }
}
