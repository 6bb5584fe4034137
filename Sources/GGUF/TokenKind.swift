/// What a token is for, numbered as in `tokenizer.ggml.token_type`.
public enum TokenKind: Int, Sendable, CaseIterable {
    /// Ordinary text.
    case normal = 1
    /// Stands for text that no token covers.
    case unknown = 2
    /// Steers the model and is not shown, such as the end of a turn.
    case control = 3
    /// Text that is never split.
    case userDefined = 4
    /// Fills the vocabulary up and is never produced.
    case unused = 5
    /// A single byte.
    case byte = 6
}
