/// The keys and values of a GGUF file, in file order and by key.
public struct GGUFMetadata: Sendable {
    /// A key and its value.
    public struct Entry: Sendable, Equatable {
        /// The key, such as `general.architecture`.
        public let key: String
        /// The value.
        public let value: GGUFValue
    }

    /// All entries in file order.
    public let entries: [Entry]
    private let positions: [String: Int]

    /// Reads `count` entries.
    ///
    /// - Throws: `truncated`, `impossibleCount`, `invalidName`, `duplicateKey`,
    ///   `unknownValueType` or `nestingTooDeep`.
    init(readingFrom cursor: inout ByteCursor, count: Int) throws(GGUFError) {
        var entries: [Entry] = []
        var positions: [String: Int] = [:]
        for index in 0..<count {
            let start = cursor.position
            let key = try cursor.readName(of: "the key of metadata entry \(index.grouped)")
            guard positions.updateValue(index, forKey: key) == nil else {
                throw GGUFError(
                    .duplicateKey, path: cursor.file.path,
                    message: "the metadata key \"\(key)\" stands twice, the second time at byte"
                        + " \(start.grouped): the file is damaged; fetch or convert it anew")
            }
            let type = try cursor.readValueType(of: "the value of \"\(key)\"")
            let value = try cursor.readValue(type, of: "the value of \"\(key)\"")
            entries.append(Entry(key: key, value: value))
        }
        self.entries = entries
        self.positions = positions
    }

    /// The value of `key`, or `nil` when the file has no such key.
    public subscript(key: String) -> GGUFValue? { positions[key].map { entries[$0].value } }

    /// The integer at `key`, or `nil` when it is missing, of another type or too large.
    public func integer(_ key: String) -> Int? { self[key]?.integerValue }

    /// The number at `key`, or `nil` when it is missing or of another type.
    public func number(_ key: String) -> Double? { self[key]?.numberValue }

    /// The truth value at `key`, or `nil` when it is missing or of another type.
    public func boolean(_ key: String) -> Bool? { self[key]?.booleanValue }

    /// A copy of the string at `key`, or `nil` when it is missing or of another type.
    public func text(_ key: String) -> String? { self[key]?.textValue }

    /// The array at `key`, or `nil` when it is missing or of another type.
    public func array(_ key: String) -> GGUFArray? { self[key]?.arrayValue }
}
