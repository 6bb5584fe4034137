/// How many requests may wait and what else is bounded.
public struct ServingLimits: Sendable {
    /// The most requests that wait for a place. Default 64.
    public var waiting = 64
    /// After so long without a round, though there is work, the engine counts as stuck.
    public var stuckAfter: Duration = .seconds(60)

    /// The defaults.
    public init() {}
}
