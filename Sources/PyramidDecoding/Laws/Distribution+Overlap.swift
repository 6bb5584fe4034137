extension Distribution {
    /// The overlap sum over x of min(self(x), other(x)) = 1 - total variation: the probability
    /// that an exact test of one law's proposal by the other accepts.
    ///
    /// - Complexity: O(the smaller number of stored probabilities), no allocation.
    package func overlap(with other: Distribution) -> Double {
        guard isDense, other.isDense else {
            let (sparse, wide) = isDense ? (other, self) : (self, other)
            var total = 0.0
            for (token, probability) in zip(sparse.tokens, sparse.probabilities) {
                total += Double(min(probability, wide.probability(of: token)))
            }
            return total
        }
        return probabilities.withUnsafeBufferPointer { p in
            other.probabilities.withUnsafeBufferPointer { q in
                VectorSums.sum(count: min(p.count, q.count)) {
                    VectorMath.min(p.lanes(at: $0, fill: 0), q.lanes(at: $0, fill: 0))
                }
            }
        }
    }
}
