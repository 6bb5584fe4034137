// What the controller learns from tests, and what it may stop.

extension Pyramid {
    /// Takes in a test of one proposal, and of what levels further below drew at its position.
    func learn(from verdict: Verdict, _ acceptance: Acceptance, depth: Int) {
        let sequence = acceptance.sequence
        guard sequence.control != nil,
            let drafter = sequence.drafter(under: acceptance.level)
        else { return }
        let isLookup = drafter == 0 && levels[0].model == nil
        let isKnown = sequence.drawKind.hasLaws && acceptance.rule.budget == 0
        add(
            TestedDraft(
                level: drafter, matchClass: isLookup ? sequence.control?.lookupClass ?? 0 : nil,
                accepted: isKnown ? verdict.overlap : verdict.isAccepted ? 1 : 0, depth: depth,
                sureness: verdict.sureness, verifierSureness: verdict.emitted.sureness),
            acceptance)
        for (trace, accepted) in zip(verdict.emitted.traces, verdict.traceAcceptance) {
            add(
                TestedDraft(
                    level: trace.level, accepted: accepted,
                    verifierSureness: verdict.emitted.sureness),
                acceptance)
        }
    }

    private func add(_ test: TestedDraft, _ acceptance: Acceptance) {
        let sequence = acceptance.sequence
        sequence.control?.agreement.add(test, upper: acceptance.level)
        controller.add(test, upper: acceptance.level, sequence.drawKind)
    }

    /// Infers from the target's laws how easy the text is for each level, tested or not.
    func inferAgreement(from tail: [Proposal], _ sequence: SequenceState) {
        guard sequence.control != nil else { return }
        let kind = sequence.drawKind
        for proposal in tail {
            guard let sureness = proposal.sureness else { continue }
            for level in 0..<target where levels[level].model != nil {
                let expected = controller.agreement(kind).acceptance(
                    lower: level, upper: target, verifierSureness: sureness)
                let isTested = proposal.traces.contains { $0.level == level }
                sequence.control?.agreement.infer(
                    expected, lower: level, upper: target, isTested: isTested)
                controller.infer(expected, lower: level, upper: target, kind)
            }
        }
    }

    /// A proposal's traces, with one of the level that proposes it: whatever stands at the
    /// position afterwards has the same prefix.
    func traces(
        of proposal: Proposal, probability: Double, _ acceptance: Acceptance
    ) -> [DraftTrace] {
        guard let drafter = acceptance.sequence.drafter(under: acceptance.level),
            levels[drafter].model != nil
        else { return proposal.traces }
        return proposal.traces
            + [DraftTrace(level: drafter, token: proposal.token, probability: probability)]
    }

    /// Whether the level is to draw a token from a law of this sureness; if not, it drafts no
    /// more until its buffer has been verified.
    func draws(_ sureness: Sureness?, _ acceptance: Acceptance) -> Bool {
        let sequence = acceptance.sequence
        // A level that verified something draws its own token in any case: that one is for free.
        guard let sureness, acceptance.level < target, acceptance.proposedCount == 0,
            sequence.drafter(under: acceptance.level) == nil,
            let rule = sequence.control?.stopRule
        else { return true }
        let buffer = sequence.buffer(of: acceptance.level, rule)
        if rule.draws(sureness, onto: buffer) { return true }
        sequence.control?.isStopped[acceptance.level] = true
        return false
    }

    /// Notes which sequences' level shall draft no more in this buffer.
    func stopWhereItDoesNotPay(_ level: Int, _ batch: [SequenceState]) {
        for sequence in batch where sequence.room(at: level) > 0 {
            guard let rule = sequence.control?.stopRule else { continue }
            let buffer = sequence.buffer(of: level, rule)
            if buffer.count > 0, !rule.continues(buffer) {
                sequence.control?.isStopped[level] = true
            }
        }
    }
}

extension Acceptance {
    /// The probability that the level would accept the token of a trace.
    ///
    /// For a token drawn from r, min(1, p/r) has the mean sum of min(p, r): one token is enough
    /// for an unbiased sample, and no law has to be kept.
    func passingProbability(of trace: DraftTrace, p: Distribution, own: TokenID) -> Double {
        guard sequence.drawKind.hasLaws else { return trace.token == own ? 1 : 0 }
        guard trace.probability > 0 else { return 0 }
        return min(1, Double(p.probability(of: trace.token)) / trace.probability)
    }
}

extension SequenceState {
    /// The tokens of a level below the target that wait for its verifier.
    fileprivate func buffer(of level: Int, _ rule: StopRule) -> StopRule.Buffer {
        let verifier = verifier(above: level)
        let waiting = tail[(verified[verifier] - committed)...]
        var survival = 1.0
        for (place, proposal) in waiting.enumerated() {
            let hazards = rule.hazards[level]
            survival *=
                proposal.sureness.map { rule.acceptance[level][$0.index] }
                ?? hazards[min(place, hazards.count - 1)]
        }
        return StopRule.Buffer(
            level: level, verifier: verifier, count: waiting.count, survival: survival)
    }
}
