public import Grammar
public import PyramidDecoding

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

/// How a request is decoded that does not say it.
public struct ServingDefaults: Sendable {
    /// How tokens are drawn; its seed is not used.
    public var sampling: Sampling
    /// Rules, control and lookaheads.
    public var decoding: DecodingOptions
    /// Whether the lookaheads were chosen by whoever runs the server.
    public var hasLookaheads: Bool
    /// The most tokens of an answer; `nil` is what the context has room for.
    public var maximumTokens: Int?
    /// The longest time of a request from its arrival to its end; `nil` is without limit.
    public var deadline: Duration?

    /// Defaults of these values.
    public init(
        decoding: DecodingOptions, hasLookaheads: Bool, maximumTokens: Int? = nil,
        deadline: Duration? = nil
    ) {
        self.sampling = decoding.sampling
        self.decoding = decoding
        self.hasLookaheads = hasLookaheads
        self.maximumTokens = maximumTokens
        self.deadline = deadline
    }
}

/// The text side of a model: its tokenizer, chat template and grammars. Used by many threads.
public protocol ModelText: Sendable {
    /// The tokens of a text.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - addSpecial: Adds what the model wants around a text, such as a beginning-of-text token.
    ///   - parseSpecial: Reads the spelling of control tokens as them.
    func tokens(of text: String, addSpecial: Bool, parseSpecial: Bool) throws -> [TokenID]

    /// The bytes that a token stands for; empty for a control token.
    func bytes(of token: TokenID) -> [UInt8]

    /// The text of a token, control tokens spelled out.
    func spelling(of token: TokenID) -> String

    /// How many tokens there are.
    var vocabularySize: Int { get }

    /// The chat template's source; `nil` where the model has none.
    var chatTemplate: String? { get }

    /// What a chat template makes of its variables.
    ///
    /// - Throws: What says why there is no text: no template, or one that refuses or fails.
    func conversation(_ variables: JSONValue) throws -> String

    /// What a text that keeps to a grammar may go on with.
    ///
    /// - Throws: What says why the grammar cannot be read.
    func constraint(grammar: String) throws -> any TokenConstraint
}
