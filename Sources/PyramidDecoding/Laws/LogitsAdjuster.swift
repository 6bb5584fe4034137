/// Applies a constraint, logit bias and penalties to a copy of a row of logits.
struct LogitsAdjuster {
    private var adjusted: [Float] = []
    private var counts: [TokenID: Int] = [:]

    /// Lends `body` the adjusted row, or `logits` itself where the sampling changes nothing.
    ///
    /// The penalties are those of llama.cpp: for a token that occurs `count` times among the
    /// recent ones, logit / repeat (or x repeat when not positive) - count x frequency - presence.
    mutating func withAdjusted<Result>(
        _ logits: UnsafeBufferPointer<Float>, _ sampling: Sampling, history: ArraySlice<TokenID>,
        _ restriction: Restriction? = nil, _ body: (UnsafeBufferPointer<Float>) -> Result
    ) -> Result {
        guard sampling.adjustsLogits || restriction != nil else { return body(logits) }
        adjusted.removeAll(keepingCapacity: true)
        adjusted.append(contentsOf: logits)
        if let restriction {
            adjusted.withUnsafeMutableBufferPointer {
                restriction.constraint.restrict($0, after: restriction.generated)
            }
        }
        for (token, bias) in sampling.logitBias where Int(token) < adjusted.count {
            adjusted[Int(token)] += bias
        }
        if sampling.penalizes { penalize(sampling, history) }
        return adjusted.withUnsafeBufferPointer(body)
    }

    private mutating func penalize(_ sampling: Sampling, _ history: ArraySlice<TokenID>) {
        counts.removeAll(keepingCapacity: true)
        for token in history.suffix(sampling.repeatLastN ?? history.count) {
            counts[token, default: 0] += 1
        }
        for (token, count) in counts where Int(token) < adjusted.count {
            var logit = adjusted[Int(token)]
            logit = logit > 0 ? logit / sampling.repeatPenalty : logit * sampling.repeatPenalty
            logit -= Float(count) * sampling.frequencyPenalty + sampling.presencePenalty
            adjusted[Int(token)] = logit
        }
    }
}
