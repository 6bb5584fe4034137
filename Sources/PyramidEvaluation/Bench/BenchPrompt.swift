public import PyramidDecoding

/// A prompt as the models get it.
public struct BenchPrompt: Sendable {
    /// Where it comes from.
    public var item: PromptItem
    /// Its text, in the chat template where one is used.
    public var rendered: String
    /// Whether one is used.
    public var chat: Bool
    /// Its tokens.
    public var tokens: [TokenID]

    /// A prompt of these tokens.
    public init(item: PromptItem, rendered: String, chat: Bool, tokens: [TokenID]) {
        self.item = item
        self.rendered = rendered
        self.chat = chat
        self.tokens = tokens
    }
}
