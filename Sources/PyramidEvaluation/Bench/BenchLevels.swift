/// The levels that methods choose from, bottom first, and the names by which specs know them.
public struct BenchLevels: Sendable, Equatable {
    /// A short name of each level, such as its file's; the last is the target.
    public let names: [String]
    /// Whether the bottom level is a lookup.
    public let hasLookup: Bool

    /// Levels of these names.
    public init(names: [String], hasLookup: Bool) {
        precondition(!names.isEmpty && (!hasLookup || names.count > 1))
        self.names = names
        self.hasLookup = hasLookup
    }

    /// The index of the target.
    public var target: Int { names.count - 1 }

    /// The levels below the target.
    var below: Range<Int> { 0..<target }

    /// The models below the target.
    var modelsBelow: Range<Int> { (hasLookup ? 1 : 0)..<max(target, hasLookup ? 1 : 0) }

    /// How specs call a level below the target: `ngram` for a lookup, `draft` for the bottom model,
    /// `qualifier` for the model right below the target when that is another, and `level1` and so
    /// on, counted from the bottom, for those between.
    func role(_ level: Int) -> String {
        if hasLookup, level == 0 { return "ngram" }
        if level == modelsBelow.first { return "draft" }
        return level == modelsBelow.last ? "qualifier" : "level\(level)"
    }

    /// The level below the target that a spec calls by its role, or by its own name.
    func index(of name: String) -> Int? {
        below.first { role($0) == name } ?? below.first { names[$0] == name }
    }
}
