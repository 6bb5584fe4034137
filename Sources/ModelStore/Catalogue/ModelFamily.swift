/// Models of one tokenizer that make up a pyramid.
public struct ModelFamily: Sendable, Hashable {
    /// The name that a user types: lower case, such as `qwen2.5-coder`.
    public let name: String

    /// One sentence on what the family is good for.
    public let summary: String

    /// The levels, target first, then downwards.
    public let levels: [ModelLevel]

    /// Makes a family of `levels`, target first.
    public init(name: String, summary: String, levels: [ModelLevel]) {
        self.name = name
        self.summary = summary
        self.levels = levels
    }

    /// The files to be pulled, target first.
    public var files: [ModelFile] { levels.compactMap(\.file) }

    /// The level at `role`, nil if the family has none there.
    public func level(_ role: ModelRole) -> ModelLevel? {
        levels.first { $0.role == role }
    }
}
