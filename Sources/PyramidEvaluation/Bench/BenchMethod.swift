public import PyramidDecoding

/// A way to decode with some of the loaded levels.
public struct BenchMethod: Sendable, Equatable {
    /// What results call it: the spec that ``init(spec:levels:)`` reads as this method.
    public let name: String
    /// The indices of the levels that it uses, ascending; the last is the target.
    public let levels: [Int]
    /// The lookahead of each of these below the target, 1 or more.
    public let lookaheads: [Int]
    /// Who chooses the lookaheads.
    public let control: LookaheadControl
    /// The acceptance rules.
    public let mode: DecodingMode

    /// A method.
    ///
    /// - Parameters:
    ///   - lower: The levels below the target that it uses, ascending.
    ///   - lookaheads: Their lookaheads; `nil` takes the defaults.
    ///   - control: Who chooses them.
    ///   - mode: The acceptance rules.
    ///   - all: The levels there are.
    /// - Throws: `ConfigurationError` when the mode is for another number of levels, or a number is
    ///   out of range.
    public init(
        lower: [Int], lookaheads: [Int]? = nil, control: LookaheadControl = .fixed,
        mode: DecodingMode = .exact, of all: BenchLevels
    ) throws(ConfigurationError) {
        levels = lower + [all.target]
        let chosen =
            lookaheads
            ?? mode.usualLookaheads(
                levelsBelow: lower.count, hasLookup: all.hasLookup && lower.first == 0)
        // The core takes 0 for a level that is off; here such a level is not named.
        if let (level, lookahead) = zip(lower, chosen).first(where: { $1 < 1 }) {
            throw ConfigurationError(
                "the lookahead \(lookahead) of \(all.role(level)) is not 1 or more; leave the level "
                    + "out")
        }
        self.lookaheads = chosen
        self.control = control
        self.mode = mode
        let chain = zip(lower, chosen).map { level, lookahead in
            control == .auto ? all.role(level) : "\(all.role(level)):\(lookahead)"
        }
        let usesAll = levels.count == all.names.count
        let rules = control == .auto ? "auto" : mode.spec
        if lower.isEmpty {
            name = mode == .exact ? "plain" : rules
        } else if control == .auto, usesAll {
            name = rules
        } else {
            name = "\(rules)@\(chain.joined(separator: ","))"
        }
        _ = try mode.rules(levelCount: levels.count)
        try DecodingOptions(lookaheads: chosen, maximumTokens: 1)
            .validate(levelCount: levels.count)
    }

    /// The lookaheads for a pyramid of all levels, where 0 is off.
    func lookaheads(ofAll count: Int) -> [Int] {
        var all = Array(repeating: 0, count: count - 1)
        for (level, lookahead) in zip(levels, lookaheads) { all[level] = lookahead }
        return all
    }
}
