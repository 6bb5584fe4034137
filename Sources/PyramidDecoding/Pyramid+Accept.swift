/// One sequence's part in the verification by one level.
struct Acceptance {
    /// The verifying level.
    let level: Int
    /// The index of the sequence's request in the level's last forward.
    let request: Int
    let sequence: SequenceState

    /// The first position that the level has not verified.
    let start: Int
    let proposedCount: Int

    init(level: Int, request: Int, sequence: SequenceState) {
        self.level = level
        self.request = request
        self.sequence = sequence
        start = sequence.verified[level]
        proposedCount = sequence.tokens.count - start
    }

    var rule: any AcceptanceRule { sequence.rules[level] }

    /// What the rule's budget leaves for the token at `position`.
    func available(at position: Int) -> Double {
        let budget = rule.budget
        guard budget > 0, level == sequence.target else { return 0 }
        let emitted = position + 1 - sequence.promptCount
        return budget * Double(emitted) - sequence.spent(before: position)
    }

    /// Whether the controller wants to know how sure the level is of its tokens.
    var isObserved: Bool { sequence.control != nil }

    /// Whether the level above compares raw laws, so that they must travel with the tokens.
    var carriesRawLaws: Bool {
        level < sequence.target
            && sequence.rules[sequence.verifier(above: level)].comparesRawLaws
    }
}

/// What a test of one proposal came to.
struct Verdict {
    /// The token that now stands at the position, with the laws that travel on with it.
    var emitted: Proposal
    var isAccepted: Bool
    /// Sum of min(p, r); for greedy laws, 1 when they agree.
    var overlap: Double
    /// The probabilities with which the tokens of the traces would pass, in their order.
    var traceAcceptance: [Double] = []
    /// How sure the proposing level was.
    let sureness: Sureness?

    init(tested proposal: Proposal, isAccepted: Bool, overlap: Double) {
        emitted = proposal
        sureness = proposal.sureness
        self.isAccepted = isAccepted
        self.overlap = overlap
    }
}

extension Pyramid {
    /// Tests a sequence's proposals in order up to the first that fails, which is replaced; when
    /// all pass, the level draws one more token, unless the text ends with the last of them.
    func accept(_ acceptance: Acceptance) throws(DecodingError<Model.Failure>) {
        let sequence = acceptance.sequence
        var accepted = 0
        while accepted < acceptance.proposedCount, try test(acceptance, row: accepted) {
            accepted += 1
        }
        if acceptance.proposedCount > 0 {
            count(acceptance, accepted: accepted)
        }
        let isComplete = accepted == acceptance.proposedCount
        if isComplete, acceptance.proposedCount == 0 || !sequence.isProposingEnd {
            try draw(acceptance)
        }
        sequence.markVerified(by: acceptance.level)
        sequence.checkInvariants()
    }

    /// Tests one proposal, and puts the level's own token in its place when it fails.
    private func test(
        _ acceptance: Acceptance, row: Int
    ) throws(DecodingError<Model.Failure>) -> Bool {
        let sequence = acceptance.sequence
        let position = acceptance.start + row
        var verdict =
            sequence.isGreedy
            ? try judgeGreedily(acceptance, row: row) : try judge(acceptance, row: row)
        verdict.emitted.logs = logs(of: verdict.emitted.token, acceptance, row: row)
        let drafter = sequence.drafter(under: acceptance.level) ?? 0
        let isUnknown =
            !verdict.isAccepted && levels[drafter].model?.knows(verdict.emitted.token) == false
        count(sequence, drafter) {
            $0.tested += 1
            $0.overlap += verdict.overlap
            if isUnknown { $0.unknown += 1 }
        }
        learn(from: verdict, acceptance, depth: row)
        if verdict.isAccepted {
            sequence.tail[position - sequence.committed] = verdict.emitted
        } else {
            sequence.truncate(to: position, giveBack: giveBack)
            sequence.append(verdict.emitted)
            count(sequence, acceptance.level) { $0.corrected += 1 }
        }
        return verdict.isAccepted
    }

    private func judgeGreedily(
        _ acceptance: Acceptance, row: Int
    ) throws(DecodingError<Model.Failure>) -> Verdict {
        let proposal = acceptance.sequence.tail[
            acceptance.start + row - acceptance.sequence.committed]
        let choice = try greedyChoice(acceptance, row: row)
        let isSame = choice.token == proposal.token
        var verdict = Verdict(tested: proposal, isAccepted: isSame, overlap: isSame ? 1 : 0)
        verdict.traceAcceptance = proposal.traces.map { $0.token == choice.token ? 1 : 0 }
        if !isSame {
            // One-hot laws that differ have a total variation of 1, to be paid whole or not at all.
            if acceptance.available(at: acceptance.start + row) >= 1 {
                verdict.isAccepted = true
                verdict.emitted.totalVariation = 1
                verdict.emitted.logRatio = .infinity
            } else {
                verdict.emitted.token = choice.token
                verdict.emitted.author = Authorship(level: acceptance.level, kind: .corrected)
            }
        }
        if acceptance.isObserved {
            verdict.emitted.sureness = choice.sureness
            verdict.emitted.traces = traces(of: proposal, probability: 1, acceptance)
        }
        return verdict
    }

    private func judge(
        _ acceptance: Acceptance, row: Int
    ) throws(DecodingError<Model.Failure>) -> Verdict {
        let sequence = acceptance.sequence
        let position = acceptance.start + row
        let carriesRaw = acceptance.carriesRawLaws
        let verifier = try laws(
            acceptance, row: row, withRaw: acceptance.rule.comparesRawLaws || carriesRaw)
        // From here on the proposal's laws are this function's to keep or to give back.
        let proposal = sequence.takeLaws(at: position)
        guard let r = proposal.law else { preconditionFailure("a proposal without its law") }
        let overlap = verifier.p.overlap(with: r)
        let tested = TestedProposal(
            token: proposal.token, position: position, p: verifier.p, r: r, rawP: verifier.raw,
            rawQ: proposal.raw, overlap: overlap, available: acceptance.available(at: position))
        let judgement = acceptance.rule.judge(tested, &sequence.source)
        var verdict = Verdict(
            tested: proposal, isAccepted: judgement.correction == nil, overlap: overlap)
        if let correction = judgement.correction {
            verdict.emitted.token = correction
            verdict.emitted.author = Authorship(level: acceptance.level, kind: .corrected)
        }
        if acceptance.level == sequence.target {
            verdict.emitted.totalVariation = totalVariation(
                judgement, p: verifier.p, overlap: overlap, sequence)
            verdict.emitted.logRatio = logRatio(
                of: verdict.emitted.token, judgement, p: verifier.p, r: r, sequence)
        }
        verdict.traceAcceptance = proposal.traces.map {
            acceptance.passingProbability(of: $0, p: verifier.p, own: verdict.emitted.token)
        }
        if acceptance.isObserved {
            verdict.emitted.sureness = Sureness(of: verifier.p)
            let probability = Double(r.probability(of: proposal.token))
            verdict.emitted.traces = traces(
                of: proposal, probability: probability, acceptance)
        }
        verdict.emitted.law = keptLaw(judgement, p: verifier.p, r: r, sequence)
        verdict.emitted.raw = carriesRaw ? verifier.raw : nil
        rawLaws.give(proposal.raw)
        if !carriesRaw { rawLaws.give(verifier.raw) }
        return verdict
    }

    /// Draws the token after all accepted proposals, or a plain one where there were none.
    private func draw(_ acceptance: Acceptance) throws(DecodingError<Model.Failure>) {
        let sequence = acceptance.sequence
        let kind: Authorship.Kind = acceptance.proposedCount > 0 ? .bonus : .drawn
        let author = Authorship(level: acceptance.level, kind: kind)
        let row = acceptance.proposedCount
        if sequence.isGreedy {
            let choice = try greedyChoice(acceptance, row: row)
            guard draws(choice.sureness, acceptance) else { return }
            sequence.append(
                Proposal(
                    token: choice.token, author: author,
                    logs: logs(of: choice.token, acceptance, row: row), sureness: choice.sureness))
        } else {
            let laws = try laws(acceptance, row: row, withRaw: acceptance.carriesRawLaws)
            let sureness = acceptance.isObserved ? Sureness(of: laws.p) : nil
            guard draws(sureness, acceptance) else {
                self.laws.give(laws.p)
                rawLaws.give(laws.raw)
                return
            }
            let token = acceptance.rule.draw(
                from: laws.p, position: sequence.tokens.count, &sequence.source)
            sequence.append(
                Proposal(
                    token: token, author: author, law: laws.p, raw: laws.raw,
                    logs: logs(of: token, acceptance, row: row), sureness: sureness))
        }
        count(sequence, acceptance.level) {
            if kind == .bonus { $0.bonus += 1 } else { $0.drawn += 1 }
        }
    }
}

// MARK: - Counting

extension Pyramid {
    /// Counts in the sequence's statistics and in those of all.
    func count(_ sequence: SequenceState, _ level: Int, _ add: (inout LevelStatistics) -> Void) {
        add(&sequence.statistics[level])
        add(&statistics[level])
    }

    private func count(_ acceptance: Acceptance, accepted: Int) {
        let drafter = acceptance.sequence.drafter(under: acceptance.level) ?? 0
        count(acceptance.sequence, drafter) {
            $0.proposed += acceptance.proposedCount
            $0.accepted += accepted
            $0.verifications += 1
            $0.countAcceptedLength(accepted)
        }
    }

    /// Returns a proposal's laws to the pools.
    func giveBack(_ proposal: Proposal) {
        laws.give(proposal.law)
        rawLaws.give(proposal.raw)
    }
}
