extension ByteCursor {
    /// Arrays inside arrays are followed this far; real files have no nested arrays at all.
    private static var deepestNesting: Int { 8 }

    /// Reads the number of a value type.
    ///
    /// - Throws: `truncated`, or `unknownValueType` when the format has no such type.
    mutating func readValueType(
        of subject: @autoclosure () -> String
    ) throws(GGUFError) -> GGUFValueType {
        let start = position
        let number = try readInteger(UInt32.self, of: "the type of \(subject())")
        guard let type = GGUFValueType(rawValue: number) else {
            throw GGUFError(
                .unknownValueType, path: file.path,
                message: "\(subject()) has type \(number.grouped) at byte \(start.grouped), but"
                    + " the format defines 0 to 12 only (the file has \(file.byteCount.grouped)"
                    + " bytes): it is damaged, or newer than this program; fetch it anew")
        }
        return type
    }

    /// Reads one value; strings and arrays are checked to the end but not copied.
    ///
    /// - Parameter depth: How many arrays this value stands in.
    /// - Throws: `truncated`, `impossibleCount`, `unknownValueType` or `nestingTooDeep`.
    mutating func readValue(
        _ type: GGUFValueType, of subject: @autoclosure () -> String, depth: Int = 0
    ) throws(GGUFError) -> GGUFValue {
        switch type {
        case .uint8: return .uint8(try readInteger(UInt8.self, of: subject()))
        case .int8: return .int8(try readInteger(Int8.self, of: subject()))
        case .uint16: return .uint16(try readInteger(UInt16.self, of: subject()))
        case .int16: return .int16(try readInteger(Int16.self, of: subject()))
        case .uint32: return .uint32(try readInteger(UInt32.self, of: subject()))
        case .int32: return .int32(try readInteger(Int32.self, of: subject()))
        case .uint64: return .uint64(try readInteger(UInt64.self, of: subject()))
        case .int64: return .int64(try readInteger(Int64.self, of: subject()))
        case .bool: return .bool(try readInteger(UInt8.self, of: subject()) != 0)
        case .string: return .string(try readText(of: subject()))
        case .array: return .array(try readArray(of: subject(), depth: depth))
        case .float32:
            return .float32(Float(bitPattern: try readInteger(UInt32.self, of: subject())))
        case .float64:
            return .float64(Double(bitPattern: try readInteger(UInt64.self, of: subject())))
        }
    }

    private mutating func readArray(
        of subject: @autoclosure () -> String, depth: Int
    ) throws(GGUFError) -> GGUFArray {
        guard depth < Self.deepestNesting else {
            throw GGUFError(
                .nestingTooDeep, path: file.path,
                message: "\(subject()) nests arrays more than \(Self.deepestNesting) deep at byte"
                    + " \(position.grouped): the file is damaged; fetch it anew")
        }
        let elementType = try readValueType(of: subject())
        let claimed = try readInteger(UInt64.self, of: "the element count of \(subject())")
        let count = try checkCount(
            claimed, least: elementType.leastByteCount, of: "the elements of \(subject())")
        let start = position
        if let width = elementType.fixedByteCount {
            try skip(UInt64(count * width), of: subject())
        } else if elementType == .string {
            try skipTexts(count, of: subject())
        } else {
            for _ in 0..<count {
                _ = try readValue(.array, of: subject(), depth: depth + 1)
            }
        }
        return GGUFArray(
            elementType: elementType, count: count, file: file, range: start..<position)
    }

    // A vocabulary has hundreds of thousands of strings: this loop makes nothing per string.
    private mutating func skipTexts(
        _ count: Int, of subject: @autoclosure () -> String
    ) throws(GGUFError) {
        for index in 0..<count {
            let length = try readInteger(
                UInt64.self, of: "the length of string \(index.grouped) of \(subject())")
            try skip(length, of: "string \(index.grouped) of \(subject())")
        }
    }
}
