extension Distribution {
    /// Writes the weights min(a(x), b(x)): what an exact test of proposals from b by a keeps.
    ///
    /// - Complexity: O(number of stored probabilities), no allocation once warm.
    package func setMinimum(_ a: Distribution, _ b: Distribution) {
        guard a.isDense, b.isDense else {
            let (sparse, wide) = a.isDense ? (b, a) : (a, b)
            beginSparse()
            for (token, probability) in zip(sparse.tokens, sparse.probabilities) {
                let weight = min(probability, wide.probability(of: token))
                if weight > 0 { append(token, weight) }
            }
            return
        }
        setDense(modalToken: a.modalToken) { weights in
            a.probabilities.withUnsafeBufferPointer { a in
                b.probabilities.withUnsafeBufferPointer { b in
                    for index in stride(from: 0, to: weights.count, by: 16) {
                        let minimum = VectorMath.min(
                            a.lanes(at: index, fill: 0), b.lanes(at: index, fill: 0))
                        weights.store(minimum, at: index)
                    }
                }
            }
        }
    }

    /// Writes the weights of the tokens of `law` for which `isKept`, and leaves out the others.
    ///
    /// - Complexity: O(number of stored probabilities), no allocation once warm.
    func setWeights(of law: Distribution, where isKept: (TokenID) -> Bool) {
        beginSparse()
        law.forEach { token, probability in
            if isKept(token) { append(token, probability) }
        }
    }

    /// Makes this the law of what a test emits that keeps a proposal x of law r with probability
    /// a(x) and draws from p otherwise: r(x) a(x) + (1 - sum of r a) p(x).
    ///
    /// - Parameters:
    ///   - kept: The weights r(x) a(x).
    ///   - p: The law of the replacement.
    /// - Complexity: O(number of stored probabilities), no allocation once warm.
    package func setMixture(kept: Distribution, replacements p: Distribution) {
        let replaced = Float(max(0, 1 - kept.sum()))
        guard kept.isDense || p.isDense else {
            setMerged(kept, p, scale: replaced)
            return
        }
        setDense(modalToken: p.modalToken) { law in
            law.update(repeating: 0)
            p.add(to: law, scale: replaced)
            kept.add(to: law, scale: 1)
        }
    }

    /// Calls `body` with every token that has a positive probability, ascending.
    package func forEach(_ body: (TokenID, Float) -> Void) {
        if isDense {
            for (index, probability) in probabilities.enumerated() where probability > 0 {
                body(TokenID(index), probability)
            }
        } else {
            for (token, probability) in zip(tokens, probabilities) { body(token, probability) }
        }
    }

    private func add(to sums: UnsafeMutableBufferPointer<Float>, scale: Float) {
        guard isDense else {
            for (token, probability) in zip(tokens, probabilities) where Int(token) < sums.count {
                sums[Int(token)] += scale * probability
            }
            return
        }
        probabilities.withUnsafeBufferPointer { values in
            let old = UnsafeBufferPointer(sums)
            for index in stride(from: 0, to: sums.count, by: 16) {
                let sum = old.lanes(at: index, fill: 0) + values.lanes(at: index, fill: 0) * scale
                sums.store(sum, at: index)
            }
        }
    }

    private func setMerged(_ kept: Distribution, _ p: Distribution, scale: Float) {
        beginSparse()
        var i = 0
        var j = 0
        while i < kept.tokens.count || j < p.tokens.count {
            let left = i < kept.tokens.count ? kept.tokens[i] : .max
            let right = j < p.tokens.count ? p.tokens[j] : .max
            var weight: Float = 0
            if left <= right {
                weight += kept.probabilities[i]
                i += 1
            }
            if right <= left {
                weight += scale * p.probabilities[j]
                j += 1
            }
            if weight > 0 { append(min(left, right), weight) }
        }
        finishSparse()
    }
}
