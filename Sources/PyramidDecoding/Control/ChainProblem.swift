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
