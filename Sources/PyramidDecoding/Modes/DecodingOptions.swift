/// How one sequence is decoded; every sequence of a batch has its own.
public struct DecodingOptions: Sendable, Equatable {
    /// How many tokens each level below the target buffers before the level above verifies them,
    /// bottom first: l_D, l_Q in the paper. 0 switches a level off.
    public var lookaheads: [Int]
    /// Who chooses the lookaheads. Default fixed.
    public var control: LookaheadControl
    /// The acceptance rules. Default exact.
    public var mode: DecodingMode
    /// How laws are made from logits. Default greedy.
    public var sampling: Sampling
    /// The most tokens to generate, 1 or more.
    public var maximumTokens: Int
    /// How many most probable tokens' ``TokenLogs`` come with each emitted token, 0 for its own
    /// alone; `nil`, the default, for none.
    public var topLogs: Int?
    /// Tokens that end the sequence; they are emitted as its last token.
    public var endTokens: Set<TokenID>

    /// Options with the given values.
    public init(
        lookaheads: [Int], control: LookaheadControl = .fixed, mode: DecodingMode = .exact,
        sampling: Sampling = Sampling(), maximumTokens: Int, endTokens: Set<TokenID> = [],
        topLogs: Int? = nil
    ) {
        self.lookaheads = lookaheads
        self.control = control
        self.mode = mode
        self.sampling = sampling
        self.maximumTokens = maximumTokens
        self.endTokens = endTokens
        self.topLogs = topLogs
    }

    /// Checks every value against a pyramid of `levelCount` levels.
    ///
    /// - Throws: ``ConfigurationError`` naming the value and what it must be.
    public func validate(levelCount: Int) throws(ConfigurationError) {
        try sampling.validate()
        try check(
            maximumTokens >= 1, "the number of tokens to generate", maximumTokens, "1 or more")
        try check((topLogs ?? 0) >= 0, "the number of top logarithms", topLogs ?? 0, "0 or more")
        guard control == .fixed || !mode.dependsOnChain else {
            throw ConfigurationError(
                "mode \(mode.name) under automatic control would have another law with every "
                    + "chain; use fixed control")
        }
        guard control == .fixed || levelCount <= Self.mostControlledLevels else {
            throw ConfigurationError(
                "automatic control tries every chain of at most \(Self.mostControlledLevels) "
                    + "levels, and there are \(levelCount); use fixed control")
        }
        guard lookaheads.count == levelCount - 1 else {
            throw ConfigurationError(
                "\(lookaheads.count) lookaheads given; \(levelCount) levels need one for each level "
                    + "below the target, \(levelCount - 1)")
        }
        for (level, lookahead) in lookaheads.enumerated() {
            try check(
                (0...Self.longestLookahead).contains(lookahead), "the lookahead of level \(level)",
                lookahead, "0 (off) to \(Self.longestLookahead)")
        }
    }

    /// The rules of all levels, bottom first, `[levelCount]`. Where there are more levels than the
    /// mode is for, those that are on have its rules, and the others exact ones, which nobody asks.
    ///
    /// - Throws: ``ConfigurationError`` when the mode is for another number of levels, or a
    ///   threshold or a budget is out of range.
    package func rules(levelCount: Int) throws(ConfigurationError) -> [any AcceptanceRule] {
        let isOn = (0..<levelCount).map { level in
            level == levelCount - 1 || !lookaheads.indices.contains(level) || lookaheads[level] > 0
        }
        guard let required = mode.requiredLevels, required < levelCount else {
            return try mode.rules(levelCount: levelCount)
        }
        var ofMode = try mode.rules(levelCount: isOn.count { $0 })[...]
        return isOn.map { $0 ? ofMode.removeFirst() : ExactRule() }
    }

    /// Chains double with every level, and each takes some ten microseconds to plan.
    public static let mostControlledLevels = 8

    /// Beyond this a buffer only costs memory: a law of vocabulary size is held for every token.
    public static let longestLookahead = 256
}
