/// PyramidSD's assisted variant (arXiv 2510.12966): the qualifier assists the draft, the target
/// accepts where its raw law and the qualifier's are near. Lossy.
///
/// The paper's best: tau_T 0.5 with lookaheads l_D 5, l_Q 25. Where it is silent we choose: the
/// first stage is ``AssistedRule``; a stage that accepts all adds a bonus token of its own; the
/// last inner round drafts no more than what fills the buffer to l_Q.
public struct PSDA: Sendable, Codable, Equatable {
    /// The target's test; its threshold is tau_T.
    public var target: FuzzyRule

    /// The preset with threshold `tauT`, 0 or more.
    public init(tauT: Double = 0.5, divergence: Divergence = .js) {
        target = FuzzyRule(threshold: tauT, divergence: divergence)
    }
}
