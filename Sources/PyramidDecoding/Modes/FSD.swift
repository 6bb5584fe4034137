/// Fuzzy speculative decoding (arXiv 2502.20704) with one draft: the target accepts where its raw
/// law and the draft's are near. Lossy: the output does not have the target's law.
public struct FSD: Sendable, Codable, Equatable {
    /// The target's test; its threshold is the paper's T, our tau_T.
    public var target: FuzzyRule

    /// The preset with threshold `tauT`, 0 or more.
    public init(tauT: Double = 0.4, divergence: Divergence = .js) {
        target = FuzzyRule(threshold: tauT, divergence: divergence)
    }
}
