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

    /// Whether the level above compares raw laws, so that they must travel with the tokens.
    var carriesRawLaws: Bool {
        level < sequence.target
            && sequence.rules[sequence.verifier(above: level)].comparesRawLaws
    }
}

/// A row's laws: the one to draw from, and the raw one where a rule compares raw laws.
private struct RowLaws {
    var p: Distribution
    var raw: RawLaw?
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
        let index = position - sequence.committed
        let proposal = sequence.tail[index]
        var replacement = Proposal(
            token: proposal.token, author: Authorship(level: acceptance.level, kind: .corrected))
        var overlap: Double
        let isAccepted: Bool
        if sequence.isGreedy {
            replacement.token = try greedyToken(acceptance, row: row)
            isAccepted = replacement.token == proposal.token
            overlap = isAccepted ? 1 : 0
        } else {
            guard let r = proposal.law else { preconditionFailure("a proposal without its law") }
            let row = try laws(
                acceptance, row: row,
                withRaw: acceptance.rule.comparesRawLaws || acceptance.carriesRawLaws)
            let tested = TestedProposal(
                token: proposal.token, position: position, p: row.p, r: r, rawP: row.raw,
                rawQ: proposal.raw)
            overlap = row.p.overlap(with: r)
            let judgement = acceptance.rule.judge(tested, &sequence.source)
            isAccepted = judgement.correction == nil
            replacement.token = judgement.correction ?? proposal.token
            replacement.law = emittedLaw(judgement, p: row.p, r: r, sequence)
            replacement.raw = row.raw
            if !acceptance.carriesRawLaws {
                rawLaws.give(replacement.raw)
                replacement.raw = nil
            }
            rawLaws.give(proposal.raw)
            sequence.tail[index].law = nil
            sequence.tail[index].raw = nil
        }
        let drafter = sequence.drafter(under: acceptance.level) ?? 0
        count(sequence, drafter) {
            $0.tested += 1
            $0.overlap += overlap
        }
        if isAccepted {
            replacement.author = proposal.author
            sequence.tail[index] = replacement
        } else {
            sequence.truncate(to: position, giveBack: giveBack)
            sequence.append(replacement)
            count(sequence, acceptance.level) { $0.corrected += 1 }
        }
        return isAccepted
    }

    /// Draws the token after all accepted proposals, or a plain one where there were none.
    private func draw(_ acceptance: Acceptance) throws(DecodingError<Model.Failure>) {
        let sequence = acceptance.sequence
        let kind: Authorship.Kind = acceptance.proposedCount > 0 ? .bonus : .drawn
        let author = Authorship(level: acceptance.level, kind: kind)
        let row = acceptance.proposedCount
        if sequence.isGreedy {
            let token = try greedyToken(acceptance, row: row)
            sequence.append(Proposal(token: token, author: author))
        } else {
            let laws = try laws(acceptance, row: row, withRaw: acceptance.carriesRawLaws)
            let token = acceptance.rule.draw(
                from: laws.p, position: sequence.tokens.count, &sequence.source)
            sequence.append(Proposal(token: token, author: author, law: laws.p, raw: laws.raw))
        }
        count(sequence, acceptance.level) {
            if kind == .bonus { $0.bonus += 1 } else { $0.drawn += 1 }
        }
    }

    /// The law of a judged token, kept; the other one goes back to the pool.
    private func emittedLaw(
        _ judgement: Judgement, p: Distribution, r: Distribution, _ sequence: SequenceState
    ) -> Distribution {
        switch judgement.law {
        case .verifier:
            laws.give(r)
            return p
        case .proposal:
            laws.give(p)
            return r
        case .mixture:
            laws.give(r)
            let mixture = sequence.source.mixture
            sequence.source.mixture = p
            return mixture
        }
    }

    /// The laws of the token at `row` of the acceptance's positions.
    private func laws(
        _ acceptance: Acceptance, row: Int, withRaw: Bool
    ) throws(DecodingError<Model.Failure>) -> RowLaws {
        let row = acceptance.start + row
        let found = RowLaws(p: laws.take(), raw: withRaw ? rawLaws.take() : nil)
        let sequence = acceptance.sequence
        let isLaw = withLogits(acceptance, position: row) { logits in
            guard found.raw?.set(logits) ?? true else { return false }
            if let raw = found.raw, sequence.options.sampling.isRaw(vocabularySize: logits.count) {
                found.p.copy(raw.probabilities)
                return true
            }
            return lawBuilder.build(
                found.p, from: logits, sequence.options.sampling, history: sequence.tokens[..<row])
        }
        guard isLaw else { throw .invalidLogits(level: acceptance.level) }
        return found
    }

    private func greedyToken(
        _ acceptance: Acceptance, row: Int
    ) throws(DecodingError<Model.Failure>) -> TokenID {
        let position = acceptance.start + row
        let sequence = acceptance.sequence
        let token = withLogits(acceptance, position: position) { logits in
            lawBuilder.greedyToken(
                logits, sequence.options.sampling, history: sequence.tokens[..<position])
        }
        guard let token else { throw .invalidLogits(level: acceptance.level) }
        return token
    }

    /// Lends the logits for the token at `position`, cut to the common vocabulary.
    private func withLogits<Result>(
        _ acceptance: Acceptance, position: Int,
        _ body: (UnsafeBufferPointer<Float>) -> Result
    ) -> Result {
        guard case .model(let model) = levels[acceptance.level] else {
            preconditionFailure("a lookup has no logits")
        }
        return model.withLogits(
            request: acceptance.request, row: position - acceptance.start
        ) { logits in
            body(UnsafeBufferPointer(rebasing: logits.prefix(vocabularySize)))
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
