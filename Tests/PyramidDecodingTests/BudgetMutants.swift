import PyramidDecoding

// Rules that spend a budget wrongly, each with one mistake, and one that relaxes without a budget.

/// What a strict test keeps, and a share of what it refuses.
private func relaxed(
    _ proposal: TestedProposal, _ source: inout TokenSource, share: Double
) -> TokenID? {
    let strict = ExactRule().judge(proposal, &source)
    return source.generator.uniform() < share ? nil : strict.correction
}

/// Pays by the token that it sees: an unlikely one costs more than a likely one.
struct TokenPricedBudgetRule: AcceptanceRule {
    let preservesLaw = false
    let budget: Double

    func judge(_ proposal: TestedProposal, _ source: inout TokenSource) -> Judgement {
        let p = Double(proposal.p.probability(of: proposal.token))
        let r = Double(proposal.r.probability(of: proposal.token))
        guard proposal.available > 0 else { return ExactRule().judge(proposal, &source) }
        let share = min(1, proposal.available / max(r - p, 1e-9))
        return Judgement(
            correction: relaxed(proposal, &source, share: share), law: .blend(share: share))
    }
}

/// Counts a position as free when the strict test would have passed, and so spends too little.
struct LatePayingBudgetRule: AcceptanceRule {
    let preservesLaw = false
    let budget: Double

    func judge(_ proposal: TestedProposal, _ source: inout TokenSource) -> Judgement {
        let strict = ExactRule().judge(proposal, &source)
        guard proposal.available > 0, strict.correction != nil else { return strict }
        let share = min(1, proposal.available / (1 - proposal.overlap))
        let isPardoned = source.generator.uniform() < share
        return Judgement(
            correction: isPardoned ? nil : strict.correction, law: .blend(share: share))
    }
}

/// Takes the limit for a share of its own at every position.
struct UnpaidBudgetRule: AcceptanceRule {
    let preservesLaw = false
    let budget: Double

    func judge(_ proposal: TestedProposal, _ source: inout TokenSource) -> Judgement {
        Judgement(correction: relaxed(proposal, &source, share: budget), law: .verifier)
    }
}

/// Not a mistake: pardons a fixed share at any level, and says so.
struct RelaxedRule: AcceptanceRule {
    let preservesLaw = false
    let share: Double
    /// What it says its law is, if not the truth.
    var claim: Judgement.EmittedLaw?

    func judge(_ proposal: TestedProposal, _ source: inout TokenSource) -> Judgement {
        Judgement(
            correction: relaxed(proposal, &source, share: share),
            law: claim ?? .blend(share: share))
    }
}
