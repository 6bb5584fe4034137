public import PyramidDecoding

/// How a request is decoded that does not say it.
public struct ServingDefaults: Sendable {
    /// How tokens are drawn; its seed is not used.
    public var sampling: Sampling
    /// Rules, control and lookaheads.
    public var decoding: DecodingOptions
    /// Whether the lookaheads were chosen by whoever runs the server.
    public var hasLookaheads: Bool
    /// The most tokens of an answer; `nil` is what the context has room for.
    public var maximumTokens: Int?
    /// The longest time of a request from its arrival to its end; `nil` is without limit.
    public var deadline: Duration?

    /// Defaults of these values.
    public init(
        decoding: DecodingOptions, hasLookaheads: Bool, maximumTokens: Int? = nil,
        deadline: Duration? = nil
    ) {
        self.sampling = decoding.sampling
        self.decoding = decoding
        self.hasLookaheads = hasLookaheads
        self.maximumTokens = maximumTokens
        self.deadline = deadline
    }
}
