/// The metadata keys that start with the architecture's name, such as `llama.block_count`.
struct ArchitectureScope {
    private let metadata: GGUFMetadata
    private let prefix: String

    /// The scope of a file that names no architecture finds nothing.
    init(_ metadata: GGUFMetadata, architecture: String?) {
        self.metadata = metadata
        prefix = (architecture ?? "") + "."
    }

    /// The integer at `key`, or `nil` when it is missing, negative, an array or another type.
    func integer(_ key: String) -> Int? {
        metadata.integer(prefix + key).flatMap { $0 >= 0 ? $0 : nil }
    }

    /// The number at `key`, or `nil` when it is missing or another type.
    func number(_ key: String) -> Double? { metadata.number(prefix + key) }

    /// The string at `key`, or `nil` when it is missing or another type.
    func text(_ key: String) -> String? { metadata.text(prefix + key) }

    /// The integer or the array of integers at `key`; empty when there is neither.
    func integers(_ key: String) -> [Int] {
        switch metadata[prefix + key] {
        case .array(let array): array.integers() ?? []
        case .some(let value): value.integerValue.map { [$0] } ?? []
        case nil: []
        }
    }

    /// The array of truth values or integers at `key`; empty when there is none.
    func flags(_ key: String) -> [Bool] {
        guard let array = metadata.array(prefix + key), array.count <= 65_536 else { return [] }
        let flags = array.compactMap { $0.booleanValue ?? $0.integerValue.map { $0 != 0 } }
        return flags.count == array.count ? flags : []
    }

    /// Whether any key starts with `start`.
    func hasKey(startingWith start: String) -> Bool {
        metadata.entries.contains { $0.key.hasPrefix(prefix + start) }
    }
}
