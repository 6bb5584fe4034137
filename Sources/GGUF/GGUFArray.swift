/// A metadata array that stays in the mapped file; iterating decodes one element at a time.
///
/// Iterating is the only access, because strings and nested arrays have no fixed size.
public struct GGUFArray: Sendable, Equatable, Sequence {
    /// The type that every element has.
    public let elementType: GGUFValueType
    /// The number of elements, checked against the file's size when the file was opened.
    public let count: Int
    let file: MappedFile
    /// Where the elements lie, in bytes from the start of the file.
    let range: Range<Int>

    /// Decodes elements in order.
    public struct Iterator: IteratorProtocol {
        private let elementType: GGUFValueType
        private var left: Int
        private var cursor: ByteCursor

        init(_ array: GGUFArray) {
            elementType = array.elementType
            left = array.count
            cursor = ByteCursor(array.file, in: array.range)
        }

        /// The next element, or `nil` after the last.
        public mutating func next() -> GGUFValue? {
            guard left > 0 else { return nil }
            left -= 1
            do {
                return try cursor.readValue(elementType, of: "an array element")
            } catch {
                // Opening read these bytes without error, so the file was changed since then.
                left = 0
                return nil
            }
        }
    }

    /// Starts before the first element.
    public func makeIterator() -> Iterator { Iterator(self) }

    /// The same as ``count``.
    public var underestimatedCount: Int { count }

    /// The elements as integers, or `nil` when one is not an integer that fits an `Int` or there
    /// are more than `limit`.
    ///
    /// - Parameter limit: The most elements to copy, default 65,536.
    public func integers(limit: Int = 65_536) -> [Int]? {
        guard count <= limit else { return nil }
        var numbers: [Int] = []
        for value in self {
            guard let number = value.integerValue else { return nil }
            numbers.append(number)
        }
        return numbers
    }

    /// Element `index` when the elements are integers, in constant time; else `nil`.
    func integer(at index: Int) -> Int? {
        guard let width = elementType.fixedByteCount, index >= 0, index < count else { return nil }
        let start = range.lowerBound + index * width
        var cursor = ByteCursor(file, in: start..<range.upperBound)
        return (try? cursor.readValue(elementType, of: "an array element"))?.integerValue
    }

    /// Where each string starts, in bytes from the start of the file, and then where the string
    /// after the last would start; `nil` when the elements are not strings.
    func textOffsets() -> [Int]? {
        guard elementType == .string else { return nil }
        var offsets: [Int] = []
        offsets.reserveCapacity(count + 1)
        var position = range.lowerBound
        for _ in 0..<count {
            guard let length = file.load(UInt64.self, at: position).flatMap({ Int(exactly: $0) }),
                position + 8 <= range.upperBound, length <= range.upperBound - position - 8
            else { return nil }
            offsets.append(position + 8)
            position += 8 + length
        }
        offsets.append(position + 8)
        return offsets
    }

    /// Whether both arrays have the same element type, count and bytes.
    public static func == (first: GGUFArray, second: GGUFArray) -> Bool {
        guard first.elementType == second.elementType, first.count == second.count else {
            return false
        }
        return first.file.withBytes(in: first.range) { left in
            second.file.withBytes(in: second.range) { right in left.hasSameBytes(as: right) }
        }
    }
}
