/// The type of a metadata value, numbered as in the file.
public enum GGUFValueType: UInt32, Sendable, CaseIterable {
    /// An unsigned 8-bit integer.
    case uint8 = 0
    /// A signed 8-bit integer.
    case int8 = 1
    /// An unsigned 16-bit integer.
    case uint16 = 2
    /// A signed 16-bit integer.
    case int16 = 3
    /// An unsigned 32-bit integer.
    case uint32 = 4
    /// A signed 32-bit integer.
    case int32 = 5
    /// A 32-bit IEEE 754 number.
    case float32 = 6
    /// One byte: 0 is false, everything else true.
    case bool = 7
    /// A 64-bit length and that many bytes of UTF-8.
    case string = 8
    /// An element type, a 64-bit count and that many elements.
    case array = 9
    /// An unsigned 64-bit integer.
    case uint64 = 10
    /// A signed 64-bit integer.
    case int64 = 11
    /// A 64-bit IEEE 754 number.
    case float64 = 12

    /// The bytes of one value, or `nil` for strings and arrays, whose size varies.
    var fixedByteCount: Int? {
        switch self {
        case .uint8, .int8, .bool: 1
        case .uint16, .int16: 2
        case .uint32, .int32, .float32: 4
        case .uint64, .int64, .float64: 8
        case .string, .array: nil
        }
    }

    /// The fewest bytes that one value takes: an empty string is its length, an empty array its
    /// element type and count.
    var leastByteCount: Int { fixedByteCount ?? (self == .string ? 8 : 12) }
}
