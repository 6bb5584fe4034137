public import Grammar
public import PyramidDecoding

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
