extension Pyramid {
    /// Advances sequences by one round of the target: at least one token each.
    ///
    /// - Parameter ids: Running sequences that have not ended, each once.
    /// - Returns: What each sequence gained, in the order of `ids`.
    /// - Throws: ``DecodingError``; the sequences then stand as before the round.
    public func round(
        _ ids: [SequenceID]
    ) throws(DecodingError<Model.Failure>) -> [Emission] {
        guard !ids.isEmpty else { return [] }
        let batch = ids.map(state(of:))
        precondition(batch.allSatisfy { $0.end == nil }, "an ended sequence cannot advance")
        precondition(Set(ids).count == ids.count, "a sequence advances once in a round")
        let generators = batch.map(\.source.generator)
        let began = now()
        plan(batch)
        do {
            try advance(target, batch)
        } catch {
            abandonProposals(of: batch)
            // The draws go on as if the round had not been.
            for (sequence, generator) in zip(batch, generators) {
                sequence.source.generator = generator
            }
            throw error
        }
        let emissions = batch.map(commit)
        let time = RoundTime(began: began, share: (now() - began) / batch.count)
        for (sequence, emission) in zip(batch, emissions) { learn(from: emission, sequence, time) }
        return emissions
    }

    /// One step of level k for all of `batch`: the levels below fill their buffers, and level k
    /// verifies them in one forward and draws a token of its own after what it accepted.
    ///
    /// With nothing below this is a plain decoding step, so drafting is the same code.
    private func advance(
        _ level: Int, _ batch: [SequenceState]
    ) throws(DecodingError<Model.Failure>) {
        // draft
        for drafter in stride(from: level - 1, through: 0, by: -1) {
            let served = batch.filter { $0.drafter(under: level) == drafter }
            if !served.isEmpty { try fill(drafter, served) }
        }
        // verify
        let requests = batch.map { $0.request(at: level) }
        let began = now()
        try forward(level, requests, batch)
        // accept
        for (index, sequence) in batch.enumerated() {
            let acceptance = Acceptance(level: level, request: index, sequence: sequence)
            try accept(acceptance)
        }
        // rewind
        try rewindAll(batch)
        let rows = requests.reduce(0) { $0 + $1.tokens.count }
        let wanted = requests.reduce(0) { $0 + $1.wantedRows }
        let seconds = (now() - began) / .seconds(1)
        // Rows without logits take less time than those that are verified.
        if 2 * wanted < rows {
            controller.costs.observeReading(level: level, rows: rows, seconds: seconds)
        } else {
            controller.costs.observe(level: level, rows: rows, seconds: seconds)
        }
    }

    /// Drafts with one level until every sequence's buffer is full: repeated inner rounds, each
    /// of which may end early with a corrected token (arXiv 2510.12966, the loop over l_Q).
    private func fill(
        _ level: Int, _ batch: [SequenceState]
    ) throws(DecodingError<Model.Failure>) {
        if case .lookup(let lookup) = levels[level] {
            for sequence in batch { propose(lookup, for: sequence) }
            return
        }
        while true {
            let needing = batch.filter { $0.wantsDraft(from: level) }
            if needing.isEmpty { return }
            try advance(level, needing)
            stopWhereItDoesNotPay(level, needing)
        }
    }

    private func propose(_ lookup: NGramLookup, for sequence: SequenceState) {
        guard sequence.wantsDraft(from: 0),
            let match = lookup.match(for: sequence.tokens, count: sequence.room(at: 0))
        else { return }
        sequence.control?.lookupClass = lookup.matchClass(match)
        let comparesRawLaws = sequence.rules[sequence.verifier(above: 0)].comparesRawLaws
        for index in match.range {
            let token = sequence.tokens[index]
            if let restriction = sequence.restriction(at: sequence.tokens.count),
                !restriction.constraint.allows(token, after: restriction.generated)
            {
                break
            }
            var proposal = Proposal(token: token, author: Authorship(level: 0, kind: .drawn))
            if !sequence.isGreedy {
                proposal.law = laws.take()
                proposal.law?.setOneHot(token)
            }
            if comparesRawLaws {
                proposal.raw = rawLaws.take()
                proposal.raw?.setOneHot(token)
            }
            sequence.append(proposal)
            sequence.statistics[0].drawn += 1
            statistics[0].drawn += 1
            // A proposed end is where the text would stop.
            if sequence.options.endTokens.contains(token) { break }
        }
        sequence.markVerified(by: 0)
    }

    /// Makes what the target has verified the sequence's own, up to its end.
    private func commit(_ sequence: SequenceState) -> Emission {
        var emitted: [EmittedToken] = []
        for proposal in sequence.tail {
            emitted.append(
                EmittedToken(
                    token: proposal.token, author: proposal.author,
                    totalVariation: proposal.totalVariation, logRatio: proposal.logRatio,
                    logs: proposal.logs))
            sequence.statistics[proposal.author.level].written += 1
            statistics[proposal.author.level].written += 1
            if sequence.options.endTokens.contains(proposal.token) { sequence.end = .endToken }
        }
        inferAgreement(from: sequence.tail, sequence)
        sequence.commitTail(giveBack: giveBack)
        if sequence.end == nil, sequence.tokens.count >= sequence.limit { sequence.end = .length }
        sequence.checkInvariants()
        return Emission(sequence: sequence.id, tokens: emitted, end: sequence.end)
    }
}
