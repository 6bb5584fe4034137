/// PSD_A's first stage as we read it (the paper says only that a rejected token is sampled from
/// P_Q itself): accepts x with probability min(1, p(x)/r(x)) and otherwise draws from p, not from
/// the residual. Lossy: the verifier's favourites come out too often.
///
/// The true law of what it emits, min(p, r) + (1 - sum of min(p, r)) p, goes upward, so that an
/// exact level above still restores its own law.
public struct AssistedRule: Sendable, Codable, Equatable {
    /// The rule has no settings.
    public init() {}
}

extension AssistedRule: AcceptanceRule {
    package var preservesLaw: Bool { false }

    package func judge(_ proposal: TestedProposal, _ source: inout TokenSource) -> Judgement {
        source.kept.setMinimum(proposal.p, proposal.r)
        source.mixture.setMixture(kept: source.kept, replacements: proposal.p)
        let p = Double(proposal.p.probability(of: proposal.token))
        let r = Double(proposal.r.probability(of: proposal.token))
        if source.generator.uniform() * r < p { return Judgement(law: .mixture) }
        let corrected = draw(from: proposal.p, position: proposal.position, &source)
        return Judgement(correction: corrected, law: .mixture)
    }
}
