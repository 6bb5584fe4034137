/// Who chooses the chain of levels and how many tokens each buffers.
public enum LookaheadControl: String, Sendable, Codable, CaseIterable {
    /// The lookaheads of the options, in every round.
    case fixed
    /// Before every round, whatever promises the most tokens per second by the measured costs and
    /// agreements. The options' lookaheads only say which levels may be used: 0 is never.
    case auto

    /// Who is in control where nobody says it.
    ///
    /// An exact sampled text depends on the lookaheads, and these, under automatic control, on the
    /// time that forwards took: who gives a seed wants the same text again. The coupled mode's text
    /// is the same in any case.
    ///
    /// - Parameters:
    ///   - mode: The acceptance rules.
    ///   - hasLookaheads: Whether the user gave lookaheads.
    ///   - drawsBySeed: Whether the text is drawn, by a seed that the user gave.
    public static func usual(
        mode: DecodingMode, hasLookaheads: Bool, drawsBySeed: Bool
    ) -> LookaheadControl {
        let isFixed =
            hasLookaheads || mode.dependsOnChain || (drawsBySeed && mode != .coupled)
        return isFixed ? .fixed : .auto
    }
}
