import PyramidDecoding
import PyramidEngine

/// One more stretch of a choice.
struct AnswerDelta {
    enum Content {
        case text(String)
        /// A call of a tool, and which one of the answer it is.
        case call(ToolCallReader.Call, Int)
        /// The choice is over, for this reason.
        case end(String)
    }

    var content: Content
    /// The tokens since the last stretch.
    var tokens: [EmittedToken]
    /// Characters of the text before these tokens.
    var textOffset: Int
    var author: TextPiece?
}
