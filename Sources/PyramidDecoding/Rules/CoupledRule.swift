/// Seed-exact decoding: every level draws the winner under the position's shared Gumbel noise,
/// and a proposal is accepted when it equals the verifier's own winner (Daliri et al. 2024,
/// arXiv 2408.07978).
///
/// The text is that of plain decoding with the same seed, whatever the levels and lookaheads.
/// The acceptance is at least (1 - TV)/(1 + TV).
public struct CoupledRule: Sendable, Codable, Equatable {
    /// The rule has no settings.
    public init() {}
}

extension CoupledRule: AcceptanceRule {
    package var preservesLaw: Bool { true }

    package func judge(_ proposal: TestedProposal, _ source: inout TokenSource) -> Judgement {
        let own = draw(from: proposal.p, position: proposal.position, &source)
        return Judgement(correction: own == proposal.token ? nil : own, law: .verifier)
    }

    package func draw(from p: Distribution, position: Int, _ source: inout TokenSource) -> TokenID {
        GumbelNoise(seed: source.seed, position: position).winner(of: p)
    }
}
