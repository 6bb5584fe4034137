#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension ModelStoreError {
    /// A system call on the cache failed with `systemCode`.
    static func storage(
        _ action: String, path: String, systemCode: Int32
    ) -> ModelStoreError {
        let reason = String(cString: strerror(systemCode))
        guard systemCode != ENOSPC && systemCode != EDQUOT else {
            return ModelStoreError(
                code: .diskFull,
                message: """
                    The disk became full: cannot \(action) \(path) (\(reason)). Free some space or \
                    set HF_HUB_CACHE to a folder on another disk; the download will resume.
                    """,
                systemCode: systemCode)
        }
        return ModelStoreError(
            code: .cacheNotWritable,
            message: """
                Cannot \(action) \(path): \(reason). Make the cache folder writable or set \
                HF_HUB_CACHE to another one.
                """,
            systemCode: systemCode)
    }

    /// Reading `path` failed with `systemCode`.
    static func unreadable(_ path: String, systemCode: Int32) -> ModelStoreError {
        ModelStoreError(
            code: .cacheNotReadable,
            message: "Cannot read \(path): \(String(cString: strerror(systemCode))).",
            systemCode: systemCode)
    }

    /// Less space is free than the download needs.
    static func diskFull(path: String, neededBytes: Int, freeBytes: Int) -> ModelStoreError {
        ModelStoreError(
            code: .diskFull,
            message: """
                \(path) has \(freeBytes) bytes free, the download needs \(neededBytes): free \
                \(neededBytes - freeBytes) bytes or set HF_HUB_CACHE to a folder on another disk.
                """,
            systemCode: ENOSPC)
    }
}
