#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A regular file mapped read-only into memory, and the owner of that mapping.
///
/// Invariant: `base` points to `byteCount` readable bytes until `deinit`. Another process that
/// shortens the file while it is mapped breaks this; the system then ends the program.
// Sendable: every stored property is a `let`, and the mapped bytes are never written.
final class MappedFile: @unchecked Sendable {
    let path: String
    /// The file's size in bytes; always above 0.
    let byteCount: Int
    private let base: UnsafeRawPointer

    /// Maps the file at `path`.
    ///
    /// - Throws: A `GGUFError` when there is no such file, it may not be read, it is not a regular
    ///   file, it is empty, or the system cannot map it.
    init(path: String) throws(GGUFError) {
        let descriptor = try Self.openForReading(path)
        defer { _ = close(descriptor) }
        let size = try Self.measure(descriptor, path: path)
        let mapping = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
        let mappingNumber = errno
        guard let mapping, mapping != UnsafeMutableRawPointer(bitPattern: -1) else {
            throw Self.systemError(mappingNumber, path: path, action: "map")
        }
        self.path = path
        self.byteCount = size
        self.base = UnsafeRawPointer(mapping)
    }

    deinit {
        // Unmapping the exact range that `mmap` returned cannot fail.
        _ = munmap(UnsafeMutableRawPointer(mutating: base), byteCount)
    }

    /// The little-endian integer at `offset`, or `nil` when it does not lie inside the file.
    func load<Number: FixedWidthInteger & BitwiseCopyable>(
        _ type: Number.Type, at offset: Int
    ) -> Number? {
        let width = MemoryLayout<Number>.size
        guard offset >= 0, byteCount >= width, offset <= byteCount - width else { return nil }
        return withExtendedLifetime(self) {
            Number(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: type))
        }
    }

    /// Gives `body` the bytes of `range`, cut to the file's own range.
    func withBytes<Result, Failure: Error>(
        in range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let inside = range.clamped(to: 0..<byteCount)
        // The bytes must stay mapped until `body` returns.
        defer { withExtendedLifetime(self) {} }
        return try body(
            UnsafeRawBufferPointer(start: base + inside.lowerBound, count: inside.count))
    }

    /// Asks the system to read the pages that hold `range` soon.
    func prefetchPages(in range: Range<Int>) {
        let inside = range.clamped(to: 0..<byteCount)
        guard !inside.isEmpty else { return }
        let page = Self.pageSize
        advise(inside.lowerBound / page * page..<inside.upperBound, MADV_WILLNEED)
    }

    /// Gives the memory of the whole pages inside `range` back to the system, which reads them
    /// anew from the file when they are wanted again.
    func dropPages(in range: Range<Int>) {
        let inside = range.clamped(to: 0..<byteCount)
        let page = Self.pageSize
        let start = (inside.lowerBound + page - 1) / page * page
        // The file's last page belongs to nobody else, so it may be a partial one.
        let end =
            inside.upperBound == byteCount ? byteCount : inside.upperBound / page * page
        guard start < end else { return }
        advise(start..<end, MADV_DONTNEED)
    }

    /// `range` lies inside the file and starts at a page.
    private func advise(_ range: Range<Int>, _ advice: Int32) {
        // Advice that the system does not take changes no byte, so there is nothing to report.
        _ = madvise(
            UnsafeMutableRawPointer(mutating: base + range.lowerBound), range.count, advice)
    }

    private static let pageSize = max(1, Int(sysconf(Int32(_SC_PAGESIZE))))

    private static func openForReading(_ path: String) throws(GGUFError) -> Int32 {
        guard !path.utf8.contains(0) else {
            throw GGUFError(
                .fileMissing, path: path,
                message: "the path contains a zero byte, so no file can have it; correct the path")
        }
        // Without O_NONBLOCK, opening a named pipe would wait for a writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw systemError(errno, path: path, action: "open") }
        return descriptor
    }

    private static func measure(_ descriptor: Int32, path: String) throws(GGUFError) -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw systemError(errno, path: path, action: "measure")
        }
        let kind = status.st_mode & S_IFMT
        guard kind != S_IFDIR else {
            throw GGUFError(
                .isDirectory, path: path,
                message: "this is a directory, not a file; give the path of a .gguf file in it")
        }
        guard kind == S_IFREG else {
            throw GGUFError(
                .notRegularFile, path: path,
                message: "this is a device, a pipe or a socket; give the path of a .gguf file")
        }
        guard status.st_size > 0 else {
            throw GGUFError(
                .emptyFile, path: path,
                message: "the file is empty (0 bytes): \(GGUFError.fetchAgain)")
        }
        guard let size = Int(exactly: status.st_size) else {
            throw GGUFError(
                .unreadable, path: path,
                message: "\(status.st_size.grouped) bytes are more than this machine can address")
        }
        return size
    }

    private static func systemError(_ number: Int32, path: String, action: String) -> GGUFError {
        switch number {
        case ENOENT, ENOTDIR:
            return GGUFError(
                .fileMissing, path: path,
                message: "there is no such file; check the path or run `pyramid pull` to fetch it")
        case EACCES, EPERM:
            return GGUFError(
                .permissionDenied, path: path,
                message: "this user may not read the file; change its permissions, or those of"
                    + " the folders above it")
        default:
            let text = strerror(number).map { String(cString: $0) } ?? "unknown error"
            return GGUFError(
                .unreadable, path: path,
                message: "the system could not \(action) the file: \(text) (errno \(number))")
        }
    }
}
