public import PyramidDecoding

/// A stretch of output text, always whole characters.
public struct TextPiece: Sendable, Equatable {
    /// The text.
    public var text: String
    /// Who wrote the token that completes it.
    public var author: Authorship

    /// A piece of text and its author.
    public init(text: String, author: Authorship) {
        self.text = text
        self.author = author
    }
}
