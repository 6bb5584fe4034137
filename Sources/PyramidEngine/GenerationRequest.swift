public import PyramidDecoding

/// What to generate.
public struct GenerationRequest: Sendable {
    /// The prompt, at least one token.
    public var prompt: [TokenID]
    /// How to decode; ``Generator`` fills in the tokenizer's end tokens.
    public var options: DecodingOptions
    /// Texts before which the output ends.
    public var stopStrings: [String]
    /// Whether the tokenizer's end tokens end the text. Default true.
    public var stopsAtEnd: Bool
    /// Makes what says which tokens may follow, such as a grammar; `nil` allows all.
    public var makeConstraint: (@Sendable () throws -> any TokenConstraint)?

    /// A request for a continuation of `prompt`.
    public init(
        prompt: [TokenID], options: DecodingOptions, stopStrings: [String] = [],
        stopsAtEnd: Bool = true,
        makeConstraint: (@Sendable () throws -> any TokenConstraint)? = nil
    ) {
        self.prompt = prompt
        self.options = options
        self.stopStrings = stopStrings
        self.stopsAtEnd = stopsAtEnd
        self.makeConstraint = makeConstraint
    }
}

/// Why a generation is over.
public enum FinishReason: String, Sendable, Codable {
    /// The model ended the text.
    case end
    /// A stop string came up.
    case stop
    /// The token or context limit was reached.
    case length
    /// It was cancelled.
    case cancelled
}

/// What a finished generation did.
public struct GenerationResult: Sendable {
    /// Why it is over.
    public var reason: FinishReason
    /// The number of prompt tokens.
    public var promptTokens: Int
    /// Those of them that the target's cache held already.
    public var cachedTokens = 0
    /// The generated tokens, in the order of the output.
    public var tokens: [EmittedToken]
    /// The time of feeding the prompt, on all levels.
    public var prefillTime: Duration
    /// The time of the rounds that the generation took part in.
    public var decodingTime: Duration
    /// What each level did, bottom first.
    public var levels: [LevelStatistics]
    /// What automatic control chose and why; `nil` under fixed control.
    public var explanation: ControlExplanation?
    /// Its choice for each round.
    public var plans: [PlanRecord] = []

    /// Generated tokens per second of decoding, prefill excluded; `nil` without a token.
    public var tokensPerSecond: Double? {
        let seconds = decodingTime / .seconds(1)
        return seconds > 0 ? Double(tokens.count) / seconds : nil
    }

    /// The mean over the tokens of the total variation between the law that each was drawn from
    /// and the target's own, 0 ... 1 and 0 in exact modes; `nil` without a token.
    public var meanTotalVariation: Double? {
        tokens.isEmpty
            ? nil : tokens.reduce(0) { $0 + $1.totalVariation } / Double(tokens.count)
    }
}

/// What happens to a generation.
public enum GenerationEvent: Sendable {
    /// A token, before the text that it completes.
    case token(EmittedToken)
    /// More text.
    case text(TextPiece)
    /// Its last event.
    case finished(GenerationResult)
}
