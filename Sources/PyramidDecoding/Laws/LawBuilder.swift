/// Turns rows of logits into laws, with workspace that is reused from row to row.
package struct LawBuilder {
    private var adjuster = LogitsAdjuster()
    private var truncation = Truncation()

    package init() {}

    /// Writes the law of the next token after `history` into `law`.
    ///
    /// - Parameter logits: `[vocabularySize]`, before any change.
    /// - Returns: `false` when the logits make no law: none is finite, or one is NaN.
    /// - Complexity: O(vocabulary), no allocation once warm.
    package mutating func build(
        _ law: Distribution, from logits: UnsafeBufferPointer<Float>, _ sampling: Sampling,
        history: ArraySlice<TokenID>, restriction: Restriction? = nil
    ) -> Bool {
        // The closure must not capture `self` while the adjuster is being mutated.
        var truncation = Truncation()
        swap(&truncation, &self.truncation)
        defer { swap(&truncation, &self.truncation) }
        return adjuster.withAdjusted(logits, sampling, history: history, restriction) { logits in
            guard let greatest = Argmax(logits) else { return false }
            if sampling.isGreedy {
                law.setOneHot(greatest.token)
            } else if sampling.truncates(vocabularySize: logits.count) {
                truncation.select(from: logits, sampling, greatest: greatest.logit)
                truncation.write(law, sampling, greatest: greatest.logit)
            } else {
                return law.setSoftmax(
                    logits, greatest: greatest, scale: sampling.inverseTemperature)
            }
            return true
        }
    }

    /// The greedy token after `history`; `nil` when no logit is finite.
    ///
    /// - Parameter withSureness: Also finds how sure the law before temperature is of it.
    mutating func greedyChoice(
        _ logits: UnsafeBufferPointer<Float>, _ sampling: Sampling, history: ArraySlice<TokenID>,
        withSureness: Bool, restriction: Restriction? = nil
    ) -> GreedyChoice? {
        adjuster.withAdjusted(logits, sampling, history: history, restriction) { logits in
            Argmax(logits).map { greatest in
                GreedyChoice(
                    token: greatest.token,
                    sureness: withSureness ? Sureness(logits, greatest: greatest.logit) : nil)
            }
        }
    }
}

/// The token of a greedy law.
struct GreedyChoice {
    var token: TokenID
    /// `nil` when it was not asked for.
    var sureness: Sureness?
}

extension Distribution {
    /// Makes this the dense law softmax(logits x scale), where the scale is 1/temperature.
    ///
    /// - Returns: `false` when a logit is NaN or infinite.
    /// - Complexity: O(vocabulary), no allocation once dense.
    func setSoftmax(
        _ logits: UnsafeBufferPointer<Float>, greatest: Argmax, scale: Float
    ) -> Bool {
        var isFinite = false
        setDense(modalToken: greatest.token) { law in
            let count = min(law.count, logits.count)
            let total = VectorSums.sum(count: count) { index in
                let weights = VectorMath.exp(
                    (logits.lanes(at: index, fill: -.infinity) - greatest.logit) * scale)
                law.store(weights, at: index)
                return weights
            }
            isFinite = total.isFinite
            let normalizer = Float(1 / total)
            let weights = UnsafeBufferPointer(law)
            for index in stride(from: 0, to: count, by: 16) {
                law.store(weights.lanes(at: index, fill: 0) * normalizer, at: index)
            }
        }
        return isFinite
    }
}
