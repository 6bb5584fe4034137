/// A position in the mapped file that reads forward and never past its end.
struct ByteCursor {
    let file: MappedFile
    /// The next byte to read, in bytes from the start of the file; at most `end`.
    private(set) var position: Int
    private let end: Int

    /// Starts at the beginning of `range`, and reads no byte after it.
    init(_ file: MappedFile, in range: Range<Int>) {
        self.file = file
        let inside = range.clamped(to: 0..<file.byteCount)
        position = inside.lowerBound
        end = inside.upperBound
    }

    /// The bytes that can still be read.
    var remaining: Int { end - position }

    /// Reads a little-endian integer.
    ///
    /// - Throws: `truncated` when the bytes end first.
    mutating func readInteger<Number: FixedWidthInteger & BitwiseCopyable>(
        _ type: Number.Type, of subject: @autoclosure () -> String
    ) throws(GGUFError) -> Number {
        let width = MemoryLayout<Number>.size
        guard remaining >= width, let number = file.load(type, at: position) else {
            throw GGUFError.ends(
                file, inside: subject(), at: position, needed: UInt64(width))
        }
        position += width
        return number
    }

    /// Reads a 64-bit length and then leaves that many bytes where they are.
    ///
    /// - Throws: `truncated` or `impossibleCount` when the bytes end first.
    mutating func readText(of subject: @autoclosure () -> String) throws(GGUFError) -> MappedText {
        let length = try readInteger(UInt64.self, of: "the length of \(subject())")
        let start = position
        try skip(length, of: subject())
        return MappedText(file: file, range: start..<position)
    }

    /// Reads a text that names something.
    ///
    /// - Throws: As `readText(of:)`, and `invalidName` when it is empty or above 65,535 bytes.
    mutating func readName(of subject: @autoclosure () -> String) throws(GGUFError) -> String {
        let start = position
        let text = try readText(of: subject())
        guard (1...65_535).contains(text.byteCount) else {
            throw GGUFError(
                .invalidName, path: file.path,
                message: "\(subject()), at byte \(start.grouped), has \(text.byteCount.grouped)"
                    + " bytes; 1 to 65,535 are allowed: the file is damaged; fetch it anew")
        }
        return text.string
    }

    /// Passes over `count` bytes.
    ///
    /// - Throws: `truncated` or `impossibleCount` when the bytes end first.
    mutating func skip(
        _ count: UInt64, of subject: @autoclosure () -> String
    ) throws(GGUFError) {
        guard count <= UInt64(remaining) else {
            throw GGUFError.ends(file, inside: subject(), at: position, needed: count)
        }
        position += Int(count)
    }

    /// Checks that `count` things of at least `least` bytes each can still follow, so that no
    /// loop or allocation is ever as long as a count that lies.
    ///
    /// - Returns: The count as an `Int`.
    /// - Throws: `truncated` or `impossibleCount` when they cannot.
    func checkCount(
        _ count: UInt64, least: Int, of subject: @autoclosure () -> String
    ) throws(GGUFError) -> Int {
        let needed = count.multipliedReportingOverflow(by: UInt64(least))
        guard !needed.overflow, needed.partialValue <= UInt64(remaining) else {
            throw GGUFError.ends(
                file, inside: "\(subject()) (\(count.grouped) in number)", at: position,
                needed: needed.overflow ? nil : needed.partialValue)
        }
        return Int(count)
    }
}
