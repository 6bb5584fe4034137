extension Distribution {
    /// Draws a token: the first at which the running sum of probabilities exceeds a uniform
    /// number.
    ///
    /// - Complexity: O(number of stored probabilities), no allocation.
    package func sample(using generator: inout RandomSource) -> TokenID {
        sample(total: sum(), uniform: generator.uniform())
    }

    /// Draws from the residual distribution norm(max(0, self - other)) of Leviathan et al. 2023
    /// (arXiv 2211.17192, equation in section 2.3), the one that makes up for what acceptance
    /// with min(1, p/q) leaves out.
    ///
    /// - Parameter scratch: Where the residual weights are written.
    /// - Complexity: O(number of stored probabilities), no allocation once `scratch` is warm.
    package func sampleResidual(
        minus other: Distribution, scratch: Distribution, using generator: inout RandomSource
    ) -> TokenID {
        scratch.setDifference(self, minus: other)
        let total = scratch.sum()
        // No residual but a rejection: the laws are equal up to rounding.
        guard total > 0 else { return sample(using: &generator) }
        return scratch.sample(total: total, uniform: generator.uniform())
    }

    /// The sum of the stored probabilities; 1 up to rounding, less for residual weights.
    package func sum() -> Double {
        probabilities.withUnsafeBufferPointer { values in
            VectorSums.sum(count: values.count) { values.lanes(at: $0, fill: 0) }
        }
    }

    private func sample(total: Double, uniform: Double) -> TokenID {
        let index = probabilities.withUnsafeBufferPointer { values in
            VectorSums.index(passing: uniform * total, count: values.count) {
                values.lanes(at: $0, fill: 0)
            }
        }
        guard let index else { return modalToken }
        return isDense ? TokenID(index) : tokens[index]
    }

    /// Writes the weights max(0, a - b), not normalised.
    private func setDifference(_ a: Distribution, minus b: Distribution) {
        guard a.isDense else {
            beginSparse()
            for (token, probability) in zip(a.tokens, a.probabilities) {
                let weight = probability - b.probability(of: token)
                if weight > 0 { append(token, weight) }
            }
            findModalToken()
            return
        }
        setDense(modalToken: a.modalToken) { weights in
            a.probabilities.withUnsafeBufferPointer { a in
                if b.isDense {
                    b.probabilities.withUnsafeBufferPointer { b in
                        for index in stride(from: 0, to: a.count, by: 16) {
                            let difference =
                                a.lanes(at: index, fill: 0) - b.lanes(at: index, fill: 0)
                            weights.store(
                                VectorMath.max(difference, Lanes(repeating: 0)), at: index)
                        }
                    }
                } else {
                    _ = weights.update(from: a)
                    for (token, probability) in zip(b.tokens, b.probabilities)
                    where Int(token) < a.count {
                        weights[Int(token)] = max(0, weights[Int(token)] - probability)
                    }
                }
            }
        }
    }

    private func findModalToken() {
        var best: Float = 0
        for (token, weight) in zip(tokens, probabilities) where weight > best {
            best = weight
            modalToken = token
        }
    }
}
