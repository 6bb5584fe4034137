/// Speculative sampling (Leviathan et al. 2023, arXiv 2211.17192, algorithm 1; Chen et al. 2023,
/// arXiv 2302.01318): accepts x with probability min(1, p(x)/r(x)) and otherwise draws from the
/// residual norm(max(0, p - r)).
///
/// r is the law from which the proposal was really drawn, so the emitted token has the law p
/// whatever lies below, and that is what goes upward: exact at any depth.
public struct ExactRule: Sendable, Codable, Equatable {
    /// The rule has no settings.
    public init() {}
}

extension ExactRule: AcceptanceRule {
    package var preservesLaw: Bool { true }

    package func judge(_ proposal: TestedProposal, _ source: inout TokenSource) -> Judgement {
        judge(proposal, &source) { _ in false }
    }

    /// The same, but `pardons` may accept what the strict test refused.
    func judge(
        _ proposal: TestedProposal, _ source: inout TokenSource,
        pardons: (inout RandomSource) -> Bool
    ) -> Judgement {
        let p = Double(proposal.p.probability(of: proposal.token))
        let r = Double(proposal.r.probability(of: proposal.token))
        if source.generator.uniform() * r < p { return Judgement(law: .verifier) }
        if pardons(&source.generator) { return Judgement(law: .verifier) }
        let corrected = proposal.p.sampleResidual(
            minus: proposal.r, scratch: source.residual, using: &source.generator)
        return Judgement(correction: corrected, law: .verifier)
    }
}
