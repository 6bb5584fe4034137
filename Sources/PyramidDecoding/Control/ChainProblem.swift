/// What is known of levels when a chain of them is to be chosen: costs and agreements, measured
/// or assumed.
public struct ChainProblem: Sendable {
    /// `costs[level][rows]`: the seconds of a forward over `rows` rows, `0 ... longest + 1`;
    /// `[0]` is not used, and a lookup's are 0.
    public var costs: [[Double]]
    /// `acceptance[upper][lower]`: the probability that `upper` accepts `lower`'s token at each
    /// place of the buffer, given that it accepted those before; the last stands for all beyond.
    public var acceptance: [[[Double]]]
    /// How often the lookup at the bottom has something to propose, 0 ... 1; `nil` without one.
    public var lookupHitRate: Double?

    /// The longest lookahead that is considered for the target's buffer.
    public static let longestBuffer = 24
    /// The longest that is considered for the buffers of levels between.
    public static let longestInnerBuffer = 12

    /// The number of levels, target included.
    public var levelCount: Int { costs.count }

    /// A problem with the given values.
    public init(costs: [[Double]], acceptance: [[[Double]]], lookupHitRate: Double? = nil) {
        precondition(costs.allSatisfy { $0.count == Self.longestBuffer + 2 })
        self.costs = costs
        self.acceptance = acceptance
        self.lookupHitRate = lookupHitRate
    }

    func isLookup(_ level: Int) -> Bool { level == 0 && lookupHitRate != nil }
}

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
