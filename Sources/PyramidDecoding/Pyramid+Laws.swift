/// A row's laws: the one to draw from, and the raw one where a rule compares raw laws.
struct RowLaws {
    var p: Distribution
    var raw: RawLaw?
}

extension Pyramid {
    /// The total variation between the law of a judged token and p. Not after `keptLaw`, which
    /// takes these laws.
    func totalVariation(
        _ judgement: Judgement, p: Distribution, overlap: Double, _ sequence: SequenceState
    ) -> Double {
        switch judgement.law {
        case .verifier: 0
        case .proposal: max(0, 1 - overlap)
        case .mixture: max(0, 1 - p.overlap(with: sequence.source.mixture))
        case .blend(let share): share * max(0, 1 - overlap)
        }
    }

    /// log r'(x) - log p(x) for a judged token x, r' its law. Not after `keptLaw`.
    func logRatio(
        of token: TokenID, _ judgement: Judgement, p: Distribution, r: Distribution,
        _ sequence: SequenceState
    ) -> Double {
        let own = Double(p.probability(of: token))
        let proposed = Double(r.probability(of: token))
        let real: Double
        switch judgement.law {
        case .verifier: return 0
        case .proposal: real = proposed
        case .mixture: real = Double(sequence.source.mixture.probability(of: token))
        case .blend(let share): real = own + share * (proposed - own)
        }
        // A token whose real law has rounded to 0 was drawn all the same: nothing can be said.
        guard real > 0 else { return 0 }
        return own > 0 ? VectorMath.log(real / own) : .infinity
    }

    /// The law of a judged token, kept; the other one goes back to the pool.
    func keptLaw(
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
        case .blend(let share):
            let blend = sequence.source.mixture
            r.scale(by: Float(share))
            blend.setMixture(kept: r, replacements: p)
            laws.give(r)
            sequence.source.mixture = p
            return blend
        }
    }

    /// The laws of the token at `row` of the acceptance's positions.
    func laws(
        _ acceptance: Acceptance, row: Int, withRaw: Bool
    ) throws(DecodingError<Model.Failure>) -> RowLaws {
        let row = acceptance.start + row
        let found = RowLaws(p: laws.take(), raw: withRaw ? rawLaws.take() : nil)
        let sequence = acceptance.sequence
        let isLaw = withLogits(acceptance, position: row) { logits in
            guard found.raw?.set(logits) ?? true else { return false }
            if let raw = found.raw, sequence.constraint == nil,
                sequence.options.sampling.isRaw(vocabularySize: logits.count)
            {
                found.p.copy(raw.probabilities)
                return true
            }
            return lawBuilder.build(
                found.p, from: logits, sequence.options.sampling, history: sequence.tokens[..<row],
                restriction: sequence.restriction(at: row))
        }
        guard isLaw else {
            throw .invalidLogits(level: acceptance.level, sequence: sequence.id)
        }
        return found
    }

    func greedyChoice(
        _ acceptance: Acceptance, row: Int
    ) throws(DecodingError<Model.Failure>) -> GreedyChoice {
        let position = acceptance.start + row
        let sequence = acceptance.sequence
        let choice = withLogits(acceptance, position: position) { logits in
            lawBuilder.greedyChoice(
                logits, sequence.options.sampling, history: sequence.tokens[..<position],
                withSureness: acceptance.isObserved,
                restriction: sequence.restriction(at: position))
        }
        guard let choice else {
            throw .invalidLogits(level: acceptance.level, sequence: sequence.id)
        }
        return choice
    }

    /// What the target thinks of the token at `row`; `nil` below it, and where nobody asks.
    func logs(of token: TokenID, _ acceptance: Acceptance, row: Int) -> TokenLogs? {
        guard acceptance.level == target, let count = acceptance.sequence.options.topLogs else {
            return nil
        }
        return withLogits(acceptance, position: acceptance.start + row) {
            TokenLogs(of: token, top: count, under: $0)
        }
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
