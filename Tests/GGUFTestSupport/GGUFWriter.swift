/// Writes GGUF files for tests, valid ones unless told otherwise.
package struct GGUFWriter {
    package struct Entry {
        package var key: String
        package var value: WrittenValue

        package init(key: String, value: WrittenValue) {
            self.key = key
            self.value = value
        }
    }

    package struct Tensor {
        package var name: String
        package var dimensions: [UInt64]
        package var type: UInt32
        package var data: [UInt8]
        /// The offset to write; the next free aligned one when `nil`.
        package var offset: UInt64?

        package init(
            name: String, dimensions: [UInt64], type: UInt32, data: [UInt8], offset: UInt64? = nil
        ) {
            self.name = name
            self.dimensions = dimensions
            self.type = type
            self.data = data
            self.offset = offset
        }
    }

    package var magic = Array("GGUF".utf8)
    package var version: UInt32 = 3
    package var alignment = 32
    package var entries: [Entry] = []
    package var tensors: [Tensor] = []
    /// Counts to write in place of the true ones.
    package var claimedTensorCount: UInt64?
    package var claimedEntryCount: UInt64?

    package init() {}

    package mutating func set(_ key: String, _ value: WrittenValue) {
        if let index = entries.firstIndex(where: { $0.key == key }) {
            entries[index].value = value
        } else {
            entries.append(Entry(key: key, value: value))
        }
    }

    package mutating func remove(_ key: String) { entries.removeAll { $0.key == key } }

    /// Adds an F32 tensor of zeros.
    package mutating func addTensor(_ name: String, _ dimensions: [UInt64]) {
        let count = dimensions.reduce(1, *)
        tensors.append(
            Tensor(
                name: name, dimensions: dimensions, type: 0,
                data: Array(repeating: 0, count: Int(count) * 4)))
    }

    package func bytes() -> [UInt8] {
        var output = magic
        output.append(integer: version)
        output.append(integer: claimedTensorCount ?? UInt64(tensors.count))
        output.append(integer: claimedEntryCount ?? UInt64(entries.count))
        for entry in entries {
            output.append(text: entry.key)
            output.append(integer: entry.value.typeNumber)
            output.append(value: entry.value)
        }
        var data: [UInt8] = []
        for tensor in tensors {
            output.append(text: tensor.name)
            output.append(integer: UInt32(tensor.dimensions.count))
            for size in tensor.dimensions { output.append(integer: size) }
            output.append(integer: tensor.type)
            output.append(integer: tensor.offset ?? UInt64(data.count))
            data.append(contentsOf: tensor.data)
            data.pad(to: alignment)
        }
        output.pad(to: alignment)
        return output + data
    }
}

/// A metadata value to write; `raw` writes any type number and bytes.
package indirect enum WrittenValue {
    case uint8(UInt8), int8(Int8), uint16(UInt16), int16(Int16), uint32(UInt32), int32(Int32)
    case uint64(UInt64), int64(Int64), float32(Float), float64(Double), bool(Bool)
    case string(String)
    case array(type: UInt32, [WrittenValue])
    case raw(type: UInt32, [UInt8])

    package static func strings(_ texts: [String]) -> WrittenValue {
        .array(type: 8, texts.map(WrittenValue.string))
    }

    package static func integers(_ numbers: [Int32]) -> WrittenValue {
        .array(type: 5, numbers.map(WrittenValue.int32))
    }

    package var typeNumber: UInt32 {
        switch self {
        case .uint8: 0
        case .int8: 1
        case .uint16: 2
        case .int16: 3
        case .uint32: 4
        case .int32: 5
        case .float32: 6
        case .bool: 7
        case .string: 8
        case .array: 9
        case .uint64: 10
        case .int64: 11
        case .float64: 12
        case .raw(let type, _): type
        }
    }
}

extension [UInt8] {
    package mutating func append(integer: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: integer.littleEndian) { append(contentsOf: $0) }
    }

    package mutating func append(text: String) {
        append(integer: UInt64(text.utf8.count))
        append(contentsOf: text.utf8)
    }

    package mutating func append(value: WrittenValue) {
        switch value {
        case .uint8(let number): append(integer: number)
        case .int8(let number): append(integer: number)
        case .uint16(let number): append(integer: number)
        case .int16(let number): append(integer: number)
        case .uint32(let number): append(integer: number)
        case .int32(let number): append(integer: number)
        case .uint64(let number): append(integer: number)
        case .int64(let number): append(integer: number)
        case .float32(let number): append(integer: number.bitPattern)
        case .float64(let number): append(integer: number.bitPattern)
        case .bool(let flag): append(integer: UInt8(flag ? 1 : 0))
        case .string(let text): append(text: text)
        case .raw(_, let bytes): append(contentsOf: bytes)
        case .array(let type, let elements):
            append(integer: type)
            append(integer: UInt64(elements.count))
            for element in elements { append(value: element) }
        }
    }

    package mutating func pad(to alignment: Int) {
        while !count.isMultiple(of: Swift.max(1, alignment)) { append(0) }
    }
}
