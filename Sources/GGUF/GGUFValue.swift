/// One metadata value; strings and arrays are windows into the mapped file, not copies.
public enum GGUFValue: Sendable, Equatable {
    /// An unsigned 8-bit integer.
    case uint8(UInt8)
    /// A signed 8-bit integer.
    case int8(Int8)
    /// An unsigned 16-bit integer.
    case uint16(UInt16)
    /// A signed 16-bit integer.
    case int16(Int16)
    /// An unsigned 32-bit integer.
    case uint32(UInt32)
    /// A signed 32-bit integer.
    case int32(Int32)
    /// A 32-bit floating-point number.
    case float32(Float)
    /// A truth value.
    case bool(Bool)
    /// A string.
    case string(MappedText)
    /// An array of one element type.
    case array(GGUFArray)
    /// An unsigned 64-bit integer.
    case uint64(UInt64)
    /// A signed 64-bit integer.
    case int64(Int64)
    /// A 64-bit floating-point number.
    case float64(Double)

    /// The value's type in the file.
    public var type: GGUFValueType {
        switch self {
        case .uint8: .uint8
        case .int8: .int8
        case .uint16: .uint16
        case .int16: .int16
        case .uint32: .uint32
        case .int32: .int32
        case .float32: .float32
        case .bool: .bool
        case .string: .string
        case .array: .array
        case .uint64: .uint64
        case .int64: .int64
        case .float64: .float64
        }
    }

    /// The value when it is of any integer type and fits an `Int`, else `nil`.
    public var integerValue: Int? {
        switch self {
        case .uint8(let number): Int(number)
        case .int8(let number): Int(number)
        case .uint16(let number): Int(number)
        case .int16(let number): Int(number)
        case .uint32(let number): Int(exactly: number)
        case .int32(let number): Int(number)
        case .uint64(let number): Int(exactly: number)
        case .int64(let number): Int(exactly: number)
        case .float32, .float64, .bool, .string, .array: nil
        }
    }

    /// The value when it is of any floating-point or integer type, else `nil`.
    public var numberValue: Double? {
        switch self {
        case .float32(let number): Double(number)
        case .float64(let number): number
        default: integerValue.map(Double.init)
        }
    }

    /// The value when it is a truth value, else `nil`.
    public var booleanValue: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// A copy of the value when it is a string, repaired where it is not UTF-8, else `nil`.
    public var textValue: String? {
        guard case .string(let text) = self else { return nil }
        return text.string
    }

    /// The value when it is an array, else `nil`.
    public var arrayValue: GGUFArray? {
        guard case .array(let array) = self else { return nil }
        return array
    }
}
