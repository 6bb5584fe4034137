public import PyramidDecoding

/// What all answers of an evaluation have in common.
public struct EvaluationSetting: Sendable, Codable, Equatable, Hashable {
    /// The temperature; 0 is greedy.
    public var temperature: Double
    /// The seed of every answer.
    public var seed: UInt64
    /// The most tokens of an answer.
    public var maximumTokens: Int
    /// Whether prompts were put as messages; `nil` left that to each prompt's style.
    public var chat: Bool?

    /// A setting with these values.
    public init(sampling: Sampling, maximumTokens: Int, chat: Bool? = nil) {
        // 0.8, not the 0.800000011920929 that the nearest Float is.
        temperature = Double("\(sampling.temperature)") ?? Double(sampling.temperature)
        seed = sampling.seed
        self.maximumTokens = maximumTokens
        self.chat = chat
    }
}
