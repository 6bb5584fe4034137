/// PyramidSD's fuzzy variant (arXiv 2510.12966): qualifier and target both accept where their raw
/// law and that of the level below are near. Lossy.
///
/// The paper's best: tau_Q 0.4, tau_T 0.5 with lookaheads l_D 15, l_Q 25. The choices where it is
/// silent are those of ``PSDA``.
public struct PSDF: Sendable, Codable, Equatable {
    /// The qualifier's test; its threshold is tau_Q.
    public var qualifier: FuzzyRule
    /// The target's test; its threshold is tau_T.
    public var target: FuzzyRule

    /// The preset with thresholds `tauQ` and `tauT`, 0 or more.
    public init(tauQ: Double = 0.4, tauT: Double = 0.5, divergence: Divergence = .js) {
        qualifier = FuzzyRule(threshold: tauQ, divergence: divergence)
        target = FuzzyRule(threshold: tauT, divergence: divergence)
    }
}
