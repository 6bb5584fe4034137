/// What automatic control did with a sequence, and what it went by.
public struct ControlExplanation: Sendable, Codable, Equatable {
    /// How often a chain was chosen.
    public struct Use: Sendable, Codable, Equatable {
        /// The levels that were on, bottom first, the target included.
        public var levels: [Int]
        /// The mean lookahead of each level below the target while it was on.
        public var meanLookaheads: [Double]
        /// Rounds with this chain.
        public var rounds: Int
        /// Those of them that were probes.
        public var probes: Int
    }

    /// Why a model below the target is on or off.
    public struct Verdict: Sendable, Codable, Equatable {
        /// The level.
        public var level: Int
        /// The share of rounds in which it was on, 0 ... 1, probes excluded.
        public var share: Double
        /// The level that verifies it in the best chain with it.
        public var verifier: Int
        /// How often that level accepts its tokens, 0 ... 1.
        public var agreement: Double
        /// From which agreement on the best chain with it is as fast as the best one without;
        /// `nil` when not even 1 would be enough.
        public var neededAgreement: Double?
        /// Tokens per second of the best chain with it.
        public var rateWith: Double
        /// Tokens per second of the best chain without it.
        public var rateWithout: Double
    }

    /// What was chosen, the most frequent first.
    public var uses: [Use]
    /// One for each model below the target that may be used, bottom first.
    public var verdicts: [Verdict]
    /// Seconds of a forward over one row, by level; 0 for a lookup.
    public var secondsPerForward: [Double]
    /// How often the lookup at the bottom finds something, 0 ... 1; `nil` without one.
    public var lookupHitRate: Double?
}
