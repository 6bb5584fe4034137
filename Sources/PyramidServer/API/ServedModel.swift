public import Grammar

/// What the API knows of the levels that answer, once they are loaded.
public struct ServedModel: Sendable {
    /// The name under which clients ask for it.
    public var name: String
    /// Tokens of prompt and answer together.
    public var contextSize: Int
    /// The levels' names, bottom first; the last is the target.
    public var levels: [String]
    /// Whether the bottom level is a lookup.
    public var hasLookup: Bool
    /// How many requests can run at once.
    public var places: Int
    /// The target's text side.
    public var text: any ModelText
    /// What holds where a request says nothing.
    public var defaults: ServingDefaults
    /// Further facts for `/props`, such as files and memory.
    public var facts: JSONValue

    /// A model of these parts.
    public init(
        name: String, contextSize: Int, levels: [String], hasLookup: Bool, places: Int,
        text: any ModelText, defaults: ServingDefaults, facts: JSONValue = .object([])
    ) {
        self.name = name
        self.contextSize = contextSize
        self.levels = levels
        self.hasLookup = hasLookup
        self.places = places
        self.text = text
        self.defaults = defaults
        self.facts = facts
    }
}
