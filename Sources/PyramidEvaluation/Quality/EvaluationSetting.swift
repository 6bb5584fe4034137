public import PyramidDecoding

/// What all answers of an evaluation have in common.
public struct EvaluationSetting: Sendable, Codable, Equatable, Hashable {
    /// The temperature; 0 is greedy.
    public var temperature: Double
    /// The seed of every answer.
    public var seed: UInt64
    /// The most tokens of an answer.
    public var maximumTokens: Int
    /// Whether texts to be continued were put as messages.
    public var asMessage: Bool

    /// A setting with these values.
    public init(sampling: Sampling, maximumTokens: Int, asMessage: Bool) {
        temperature = Double(sampling.temperature)
        seed = sampling.seed
        self.maximumTokens = maximumTokens
        self.asMessage = asMessage
    }
}
