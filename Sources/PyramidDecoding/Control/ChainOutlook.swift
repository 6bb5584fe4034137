/// The best lengths for one chain of levels, and what they promise.
public struct ChainOutlook: Sendable, Codable, Equatable {
    /// The levels that are on, bottom first, the target included.
    public var levels: [Int]
    /// For each level below the target, bottom first; 0 is off.
    public var lookaheads: [Int]
    /// Tokens that a round of the target adds, expected.
    public var tokens: Double
    /// Seconds of a round, expected.
    public var seconds: Double
    /// What a token is worth to each level, in seconds: the time per token of the fill that it is
    /// part of. 0 for levels that are off.
    public var secondsPerToken: [Double]

    /// The promise: expected tokens over expected time, as over many rounds.
    public var tokensPerSecond: Double { tokens / seconds }
}
