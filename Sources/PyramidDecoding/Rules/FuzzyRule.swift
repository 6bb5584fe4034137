/// Fuzzy speculative decoding (Holsman et al. 2025, arXiv 2502.20704): accepts a proposal when
/// the divergence of the verifier's and the proposer's raw laws is at most a threshold, and
/// otherwise draws from p, not from the residual. Lossy.
///
/// PyramidSD (arXiv 2510.12966) uses it at both stages (PSD_F) or the last one (PSD_A); the
/// proposer's law is that of the level right below, so the target is compared with the qualifier.
public struct FuzzyRule: Sendable, Codable, Equatable {
    /// The most divergence that is accepted, tau in the papers, 0 or more.
    public var threshold: Double
    /// What is compared with the threshold.
    public var divergence: Divergence

    /// Accepts where `divergence` is at most `threshold`.
    public init(threshold: Double, divergence: Divergence = .js) {
        self.threshold = threshold
        self.divergence = divergence
    }

    func validate(_ name: String) throws(ConfigurationError) {
        try check(threshold.isFinite && threshold >= 0, name, threshold, "0 or more")
    }
}

extension FuzzyRule: AcceptanceRule {
    package var preservesLaw: Bool { false }
    package var comparesRawLaws: Bool { true }

    package func judge(_ proposal: TestedProposal, _ source: inout TokenSource) -> Judgement {
        guard let rawP = proposal.rawP, let rawQ = proposal.rawQ else {
            preconditionFailure("a fuzzy rule needs both raw laws")
        }
        let accepts = divergence.value(rawP, rawQ, token: proposal.token) <= threshold
        let correction =
            accepts ? nil : draw(from: proposal.p, position: proposal.position, &source)
        guard divergence.isPointwise else {
            // The test does not look at the token, so what comes out is wholly r or wholly p.
            return Judgement(correction: correction, law: accepts ? .proposal : .verifier)
        }
        divergence.writeWeights(source.kept, of: proposal.r, rawP, rawQ, threshold: threshold)
        source.mixture.setMixture(kept: source.kept, replacements: proposal.p)
        return Judgement(correction: correction, law: .mixture)
    }
}
