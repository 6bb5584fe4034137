extension Pyramid {
    /// Feeds the prompts of sequences, up to its last token, to the levels that are on.
    ///
    /// A round does this by itself where it is needed; separately, a long prompt can be fed in
    /// pieces between other sequences' rounds, and its time is counted apart.
    ///
    /// - Parameters:
    ///   - ids: Running sequences, each once.
    ///   - rows: The most tokens to feed per sequence and level in this call.
    /// - Returns: Those that are not done.
    /// - Throws: ``DecodingError``; the sequences can be prefilled again.
    public func prefill(
        _ ids: [SequenceID], rows: Int = .max
    ) throws(DecodingError<Model.Failure>) -> Set<SequenceID> {
        precondition(rows >= 1, "a prefill feeds at least one token")
        var unfinished: Set<SequenceID> = []
        // The levels that are to be on have to read the prompt.
        plan(ids.map(state(of:)).filter { $0.control?.plan == nil })
        for level in levels.indices {
            guard levels[level].model != nil else { continue }
            var batch: [SequenceState] = []
            var requests: [ForwardRequest] = []
            for sequence in ids.map(state(of:)) {
                let start = sequence.cached[level]
                let end = sequence.committed - 1
                guard level == target || sequence.lookaheads[level] > 0, start < end else {
                    continue
                }
                let stop = end - start > rows ? start + rows : end
                if stop < end { unfinished.insert(sequence.id) }
                batch.append(sequence)
                requests.append(
                    ForwardRequest(
                        sequence: sequence.id, position: start,
                        tokens: sequence.tokens[start..<stop], wantedRows: 0))
            }
            if !batch.isEmpty { try forward(level, requests, batch, isPrefill: true) }
        }
        return unfinished
    }

    /// Ends a sequence and frees its place in every cache. Nothing is lost by ending it between
    /// any two rounds.
    ///
    /// - Parameters:
    ///   - sequence: A running sequence, or one that has ended.
    ///   - keepsCache: Whether its tokens stay in the caches for sequences that start with them,
    ///     until the place is needed for another one.
    public func finish(_ sequence: SequenceID, keepsCache: Bool = false) {
        let state = state(of: sequence)
        state.truncate(to: keepsCache ? state.committed : 0, giveBack: giveBack)
        rewindWherePossible(state)
        sequences[sequence] = nil
        finishedCount += 1
        kept[sequence] =
            keepsCache
            ? KeptPrefix(
                tokens: state.tokens, cached: state.cached, stored: state.stored,
                age: finishedCount) : nil
    }

    /// Cuts a sequence to its first `count` tokens, as a stop string asks, in every cache.
    ///
    /// A sequence that had ended can go on when it is cut. The tokens that are cut stay counted as
    /// written.
    ///
    /// - Throws: ``DecodingError``; the tokens are cut all the same, and the caches are put right
    ///   before they are used again.
    public func truncate(
        _ sequence: SequenceID, to count: Int
    ) throws(DecodingError<Model.Failure>) {
        let state = state(of: sequence)
        precondition((state.promptCount...state.committed).contains(count))
        if count < state.committed { state.end = nil }
        state.truncate(to: count, giveBack: giveBack)
        try rewindAll([state])
    }

    /// One forward of a level; afterwards its cache agrees with all that it was fed.
    func forward(
        _ level: Int, _ requests: [ForwardRequest], _ batch: [SequenceState],
        isPrefill: Bool = false
    ) throws(DecodingError<Model.Failure>) {
        guard case .model(let model) = levels[level] else {
            preconditionFailure("a lookup has no forward")
        }
        for (request, sequence) in zip(requests, batch) {
            try rewind(level, sequence, to: request.position)
            sequence.stored[level] = request.position + request.tokens.count
        }
        let began = now()
        do {
            try model.forward(requests)
        } catch {
            throw .model(level: level, error)
        }
        let time = now() - began
        let rows = requests.reduce(0) { $0 + $1.tokens.count }
        if isPrefill {
            controller.costs.observeReading(level: level, rows: rows, seconds: time / .seconds(1))
        }
        for sequence in batch {
            sequence.cached[level] = sequence.stored[level]
        }
        count(level, requests, batch, time: time, isPrefill: isPrefill)
    }

    /// Makes every cache hold what is valid and no more.
    func rewindAll(_ batch: [SequenceState]) throws(DecodingError<Model.Failure>) {
        for sequence in batch {
            for level in levels.indices {
                try rewind(level, sequence, to: sequence.cached[level])
            }
        }
    }

    /// Takes back everything that the target has not verified, after a failure.
    func abandonProposals(of batch: [SequenceState]) {
        for sequence in batch {
            sequence.control?.isStopped = levels.map { _ in false }
            sequence.truncate(to: sequence.committed, giveBack: giveBack)
            rewindWherePossible(sequence)
            sequence.checkInvariants()
        }
    }

    private func rewind(
        _ level: Int, _ sequence: SequenceState, to position: Int
    ) throws(DecodingError<Model.Failure>) {
        guard sequence.stored[level] > position, case .model(let model) = levels[level] else {
            return
        }
        // First, because after a failure nothing past the position is certain any more.
        sequence.cached[level] = min(sequence.cached[level], position)
        do {
            try model.rewind(sequence.id, to: position)
        } catch {
            throw .model(level: level, error)
        }
        sequence.stored[level] = position
    }

    /// A level whose rewind fails is rewound again before its next forward.
    func rewindWherePossible(_ sequence: SequenceState) {
        for level in levels.indices {
            try? rewind(level, sequence, to: sequence.cached[level])
        }
    }

    private func count(
        _ level: Int, _ requests: [ForwardRequest], _ batch: [SequenceState], time: Duration,
        isPrefill: Bool
    ) {
        let rows = requests.reduce(0) { $0 + $1.tokens.count }
        statistics[level].add(rows: rows, time: time, isPrefill: isPrefill)
        for (request, sequence) in zip(requests, batch) {
            let own = request.tokens.count
            sequence.statistics[level].add(
                rows: own, time: time * own / rows, isPrefill: isPrefill)
        }
    }
}

extension LevelStatistics {
    mutating fileprivate func add(rows: Int, time: Duration, isPrefill: Bool) {
        if isPrefill {
            prefillRows += rows
            prefillTime += time
        } else {
            forwards += 1
            self.rows += rows
            self.time += time
        }
    }
}
