import PyramidDecoding

// Wrong rules, each with one mistake that is easily made. The law tests must notice them.

/// Accepts somewhat too often.
struct LenientRule: AcceptanceRule {
    let preservesLaw = true

    func judge(_ proposal: TestedProposal, _ source: inout TokenSource) -> Judgement {
        let p = Double(proposal.p.probability(of: proposal.token))
        let r = Double(proposal.r.probability(of: proposal.token))
        if source.generator.uniform() * r < 1.3 * p { return Judgement(law: .verifier) }
        let corrected = proposal.p.sampleResidual(
            minus: proposal.r, scratch: source.residual, using: &source.generator)
        return Judgement(correction: corrected, law: .verifier)
    }
}

/// Draws the replacement from the residual of the wrong side, norm(max(0, r - p)).
struct SwappedResidualRule: AcceptanceRule {
    let preservesLaw = true

    func judge(_ proposal: TestedProposal, _ source: inout TokenSource) -> Judgement {
        var judgement = ExactRule().judge(proposal, &source)
        if judgement.correction != nil {
            judgement.correction = proposal.r.sampleResidual(
                minus: proposal.p, scratch: source.residual, using: &source.generator)
        }
        return judgement
    }
}

/// Does what `base` does and claims to have the verifier's law.
struct OverclaimingRule<Base: AcceptanceRule>: AcceptanceRule {
    let base: Base
    let preservesLaw = true
    var comparesRawLaws: Bool { base.comparesRawLaws }

    func judge(_ proposal: TestedProposal, _ source: inout TokenSource) -> Judgement {
        var judgement = base.judge(proposal, &source)
        judgement.law = .verifier
        return judgement
    }
}

/// Does what an exact rule does and claims that the proposal's law is unchanged.
struct UnderclaimingRule: AcceptanceRule {
    let preservesLaw = true

    func judge(_ proposal: TestedProposal, _ source: inout TokenSource) -> Judgement {
        var judgement = ExactRule().judge(proposal, &source)
        judgement.law = .proposal
        return judgement
    }
}

/// Drafts greedily and lets the softmax travel as the law.
struct GreedyDraftRule: AcceptanceRule {
    let preservesLaw = true

    func judge(_ proposal: TestedProposal, _ source: inout TokenSource) -> Judgement {
        ExactRule().judge(proposal, &source)
    }

    func draw(from p: Distribution, position: Int, _ source: inout TokenSource) -> TokenID {
        p.modalToken
    }
}

/// Drafts among the likelier tokens and lets the whole law travel, as raw q after top-k would.
struct TruncatedDraftRule: AcceptanceRule {
    let preservesLaw = true

    func judge(_ proposal: TestedProposal, _ source: inout TokenSource) -> Judgement {
        ExactRule().judge(proposal, &source)
    }

    func draw(from p: Distribution, position: Int, _ source: inout TokenSource) -> TokenID {
        let floor = p.probability(of: p.modalToken) / 3
        while true {
            let token = p.sample(using: &source.generator)
            if p.probability(of: token) >= floor { return token }
        }
    }
}

/// Peeks at a drafted token and drops it once for being improbable.
struct PeekingDraftRule: AcceptanceRule {
    let preservesLaw = true

    func judge(_ proposal: TestedProposal, _ source: inout TokenSource) -> Judgement {
        ExactRule().judge(proposal, &source)
    }

    func draw(from p: Distribution, position: Int, _ source: inout TokenSource) -> TokenID {
        let token = p.sample(using: &source.generator)
        return p.probability(of: token) < 0.25 ? p.sample(using: &source.generator) : token
    }
}

/// Couples the test, and draws the replacement with fresh randomness.
struct HalfCoupledRule: AcceptanceRule {
    let preservesLaw = true

    func judge(_ proposal: TestedProposal, _ source: inout TokenSource) -> Judgement {
        var judgement = CoupledRule().judge(proposal, &source)
        if judgement.correction != nil {
            judgement.correction = proposal.p.sample(using: &source.generator)
        }
        return judgement
    }

    func draw(from p: Distribution, position: Int, _ source: inout TokenSource) -> TokenID {
        CoupledRule().draw(from: p, position: position, &source)
    }
}

/// Uses the noise of the position before, so that two positions share theirs.
struct StaleNoiseRule: AcceptanceRule {
    let preservesLaw = true

    func judge(_ proposal: TestedProposal, _ source: inout TokenSource) -> Judgement {
        CoupledRule().judge(proposal, &source)
    }

    func draw(from p: Distribution, position: Int, _ source: inout TokenSource) -> TokenID {
        CoupledRule().draw(from: p, position: position - 1, &source)
    }
}
