#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A string that stays in the mapped file until somebody asks for it.
///
/// It keeps the file mapped as long as it lives. Equality compares bytes.
public struct MappedText: Sendable, Equatable, CustomStringConvertible {
    let file: MappedFile
    /// Where the bytes lie, in bytes from the start of the file.
    let range: Range<Int>

    /// The number of bytes, 0 for an empty string.
    public var byteCount: Int { range.count }

    /// A copy of the bytes, which should be UTF-8 but are shown as they are.
    public var utf8: [UInt8] { withUTF8 { Array($0) } }

    /// A copy as text; bytes that are not UTF-8 become U+FFFD.
    public var string: String { withUTF8 { String(decoding: $0, as: UTF8.self) } }

    /// The same as ``string``.
    public var description: String { string }

    /// Gives `body` the bytes without copying them; the buffer is valid only inside `body`.
    ///
    /// - Returns: What `body` returns.
    public func withUTF8<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        file.withBytes(in: range, body)
    }

    /// Whether both texts have the same bytes.
    public static func == (first: MappedText, second: MappedText) -> Bool {
        guard first.byteCount == second.byteCount else { return false }
        return first.withUTF8 { left in
            second.withUTF8 { right in left.hasSameBytes(as: right) }
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Whether both buffers have the same length and bytes.
    func hasSameBytes(as other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count else { return false }
        guard let left = baseAddress, let right = other.baseAddress else { return count == 0 }
        return memcmp(left, right, count) == 0
    }
}
