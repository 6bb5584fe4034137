/// What the controller chose for one round of a sequence.
public struct PlanRecord: Sendable, Codable, Equatable {
    /// Tokens that the sequence had generated before the round.
    public var tokens: Int
    /// Time since the sequence's first round.
    public var time: Duration
    /// For each level below the target, bottom first; 0 is off.
    public var lookaheads: [Int]
    /// What was expected of it.
    public var promisedTokensPerSecond: Double
    /// Whether the round only served to see how a level that is off would do.
    public var isProbe: Bool
}
