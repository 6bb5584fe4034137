/// A model's own next-token law: softmax of its logits at temperature 1, before bias, penalties
/// and truncation. The lossy rules compare these (FSD, arXiv 2502.20704, takes the divergence
/// before temperature).
package final class RawLaw {
    /// The probabilities; one-hot for a proposer without a model.
    package let probabilities: Distribution

    /// What to add to a log-probability to get the logit; `nil` for a law without logits.
    package private(set) var logNormalizer: Float?

    package init(vocabularySize: Int) {
        probabilities = Distribution(vocabularySize: vocabularySize)
    }

    /// Makes this the law that always proposes `token`.
    package func setOneHot(_ token: TokenID) {
        probabilities.setOneHot(token)
        logNormalizer = nil
    }

    /// Makes this the softmax of `logits`, `[vocabularySize]`.
    ///
    /// - Returns: `false` when the logits make no law.
    /// - Complexity: O(vocabulary), no allocation once warm.
    package func set(_ logits: UnsafeBufferPointer<Float>) -> Bool {
        guard let greatest = Argmax(logits),
            probabilities.setSoftmax(logits, greatest: greatest, temperature: 1)
        else { return false }
        let modal = Double(probabilities.probability(of: greatest.token))
        logNormalizer = greatest.logit - Float(VectorMath.log(modal))
        return true
    }

    /// The logit of a token, up to rounding; `nil` where there is none.
    package func logit(of token: TokenID) -> Float? {
        let probability = probabilities.probability(of: token)
        guard let logNormalizer, probability > 0 else { return nil }
        return Float(VectorMath.log(Double(probability))) + logNormalizer
    }
}
