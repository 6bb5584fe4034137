/// Who chooses the chain of levels and how many tokens each buffers.
public enum LookaheadControl: String, Sendable, Codable, CaseIterable {
    /// The lookaheads of the options, in every round.
    case fixed
    /// Before every round, whatever promises the most tokens per second by the measured costs and
    /// agreements. The options' lookaheads only say which levels may be used: 0 is never.
    case auto
}
