public import PyramidDecoding
public import PyramidEngine

/// What a method made of a prompt.
public struct DecodedAnswer: Sendable {
    /// The prompt's tokens.
    public var prompt: [TokenID]
    /// The answer's text.
    public var text: String
    /// The answer's tokens and times.
    public var result: GenerationResult
    /// What each of the method's own levels did, bottom first.
    public var levels: [LevelStatistics]

    /// An answer with its parts.
    public init(
        prompt: [TokenID], text: String, result: GenerationResult, levels: [LevelStatistics]
    ) {
        self.prompt = prompt
        self.text = text
        self.result = result
        self.levels = levels
    }
}
