public import PyramidDecoding

/// Text to tokens and back.
public protocol Tokenizer: AnyObject {
    /// The tokens of a text.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - addSpecial: Adds what the model wants around a text, such as a beginning-of-text token.
    ///   - parseSpecial: Reads the spelling of control tokens, such as `<|im_end|>`, as them.
    /// - Throws: When the text cannot be tokenized.
    func tokens(of text: String, addSpecial: Bool, parseSpecial: Bool) throws -> [TokenID]

    /// The bytes that a token stands for; empty for a control token. A character may be spread
    /// over several tokens.
    func bytes(of token: TokenID) -> [UInt8]

    /// The tokens that end a text.
    var endTokens: Set<TokenID> { get }
}
