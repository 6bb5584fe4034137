#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Zeroed memory from the system, which takes up room only where it was written.
// Sendable: it owns the memory; what is in it belongs to whoever owns the buffer.
final class PageBuffer: @unchecked Sendable {
    let start: UnsafeMutableRawPointer
    let byteCount: Int

    /// Asks the system for memory.
    ///
    /// - Parameters:
    ///   - byteCount: The size in bytes, at least 1.
    ///   - isDense: All of it will be written: larger pages then save time.
    /// - Throws: ``NativeError`` when the system refuses. Most systems do so for dense memory that
    ///   they cannot have; other memory may turn out to be missing only when it is written.
    init(byteCount: Int, isDense: Bool = false) throws(NativeError) {
        let flags = MAP_PRIVATE | Self.anonymous | (isDense ? 0 : Self.unreserved)
        let memory = mmap(nil, byteCount, PROT_READ | PROT_WRITE, flags, -1, 0)
        guard let memory, memory != UnsafeMutableRawPointer(bitPattern: -1) else {
            throw NativeError(
                .notEnoughMemory,
                "the system gave no \(byteCount) bytes of memory; use a smaller context (-c), "
                    + "fewer sequences or a smaller model")
        }
        #if os(Linux)
            if isDense { madvise(memory, byteCount, Self.hugePages) }
        #endif
        start = memory
        self.byteCount = byteCount
    }

    deinit {
        // Unmapping the exact range that `mmap` returned cannot fail.
        munmap(start, byteCount)
    }

    /// Makes the system give all of it now.
    func touch() {
        start.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    }

    /// The memory as elements of a type.
    func elements<Element: BitwiseCopyable>(
        _ type: Element.Type
    ) -> UnsafeMutablePointer<Element> {
        start.bindMemory(to: type, capacity: byteCount / MemoryLayout<Element>.stride)
    }

    #if os(Linux)
        private static let anonymous = Int32(MAP_ANONYMOUS)
        private static let unreserved: Int32 = 0x4000  // MAP_NORESERVE
        private static let hugePages: Int32 = 14  // MADV_HUGEPAGE
    #else
        private static let anonymous = MAP_ANON
        private static let unreserved: Int32 = 0
    #endif
}
