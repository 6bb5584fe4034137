internal import Foundation

/// How records become lines of JSON: keys in snake case, sorted, and `type` among them.
enum RecordCoding {
    /// - Throws: `EncodingError` for a number that is not finite.
    static func line(_ record: some Record) throws -> Data {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(TypedRecord(record: record))
    }

    /// The record on a line; `nil` when the line has another type.
    static func record<Value: Record>(_: Value.Type, on line: Data) throws -> Value? {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard try decoder.decode(TypeKey.self, from: line).type == Value.type else { return nil }
        return try decoder.decode(Value.self, from: line)
    }

    private struct TypeKey: Codable {
        var type: String
    }

    private struct TypedRecord<Value: Record>: Encodable {
        let record: Value

        func encode(to encoder: any Encoder) throws {
            try TypeKey(type: Value.type).encode(to: encoder)
            try record.encode(to: encoder)
        }
    }
}
