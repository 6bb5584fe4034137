/// A model's own next-token law: softmax of its logits at temperature 1, before bias, penalties
/// and truncation. The lossy rules compare these (FSD, arXiv 2502.20704, takes the divergence
/// before temperature).
package final class RawLaw {
    /// The probabilities; one-hot for a proposer without a model.
    package let probabilities: Distribution

    /// What to add to a log-probability to get the logit; `nil` for a law without logits.
    package private(set) var logNormalizer: Float?

    /// Sum of p log p, the negative entropy in nats.
    package private(set) var negativeEntropy = 0.0

    package init(vocabularySize: Int) {
        probabilities = Distribution(vocabularySize: vocabularySize)
    }

    /// Makes this the law that always proposes `token`.
    package func setOneHot(_ token: TokenID) {
        probabilities.setOneHot(token)
        logNormalizer = nil
        negativeEntropy = 0
    }

    /// Makes this the softmax of `logits`, `[vocabularySize]`.
    ///
    /// - Returns: `false` when the logits make no law.
    /// - Complexity: O(vocabulary), no allocation once warm.
    package func set(_ logits: UnsafeBufferPointer<Float>) -> Bool {
        guard let greatest = Argmax(logits),
            probabilities.setSoftmax(logits, greatest: greatest, scale: 1)
        else { return false }
        let logModal = VectorMath.log(Double(probabilities.probability(of: greatest.token)))
        logNormalizer = greatest.logit - Float(logModal)
        negativeEntropy = logModal + meanDepth(of: logits, under: greatest.logit)
        return true
    }

    /// Sum of p (logit - greatest), at most 0: log p without a logarithm for every token.
    private func meanDepth(
        of logits: UnsafeBufferPointer<Float>, under greatest: Float
    ) -> Double {
        probabilities.probabilities.withUnsafeBufferPointer { law in
            VectorSums.sum(count: logits.count) { index in
                let p = law.lanes(at: index, fill: 0)
                let depth = logits.lanes(at: index, fill: 0) - greatest
                return Lanes(repeating: 0).replacing(with: p * depth, where: p .> 0)
            }
        }
    }

    /// What to add to a difference of log-probabilities, this law's less the other's, to get the
    /// difference of logits; `nil` where one has no logits.
    func logOffset(from other: RawLaw) -> Float? {
        guard let logNormalizer, let base = other.logNormalizer else { return nil }
        return logNormalizer - base
    }
}
