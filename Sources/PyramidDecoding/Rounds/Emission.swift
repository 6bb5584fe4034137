/// Which level wrote a token, and how.
public struct Authorship: Sendable, Codable, Hashable {
    /// How a level came to draw a token.
    public enum Kind: String, Sendable, Codable {
        /// With no proposal at the position: a draft, or a plain step of the target.
        case drawn
        /// In place of a rejected proposal.
        case corrected
        /// After accepting all proposals.
        case bonus
    }

    /// The level that drew it, 0 at the bottom. If that is not the target, every level above
    /// accepted it.
    public var level: Int
    /// How it was drawn there.
    public var kind: Kind

    /// A token that `level` drew as `kind` says.
    public init(level: Int, kind: Kind) {
        self.level = level
        self.kind = kind
    }
}

/// A token of the output.
public struct EmittedToken: Sendable, Equatable {
    /// The token.
    public var token: TokenID
    /// Who wrote it.
    public var author: Authorship
    /// The total variation between the law from which it was really drawn, given all that was
    /// drawn before, and the target's law at its position, 0 ... 1. 0 in exact modes.
    public var totalVariation: Double
    /// log r'(x) - log p(x) in nats, with r' the law from which the token was really drawn and p
    /// the target's law: its mean over tokens estimates the Kullback-Leibler divergence
    /// KL(r' || p) per token. 0 in exact modes, infinite for a token that the target's law (greedy
    /// or truncated) does not have.
    public var logRatio: Double
    /// What the target thinks of it; `nil` unless ``DecodingOptions/topLogs`` asks.
    public var logs: TokenLogs?
}

/// Why a sequence has ended.
public enum EndReason: String, Sendable, Codable {
    /// It emitted one of its end tokens.
    case endToken
    /// It has generated the most tokens it may, or filled the context.
    case length
}

/// What a round added to one sequence.
public struct Emission: Sendable {
    /// The sequence.
    public var sequence: SequenceID
    /// The new tokens, at least one.
    public var tokens: [EmittedToken]
    /// Why the sequence has ended; `nil` while it runs.
    public var end: EndReason?
}
