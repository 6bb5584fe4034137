/// Applies a constraint, logit bias and penalties to a copy of a row of logits.
struct LogitsAdjuster {
    private var adjusted: [Float] = []
    private var counts: [TokenID: Int] = [:]
    private var truncation = Truncation()

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
        if let restriction, !restrictsWhatCounts(sampling, restriction) {
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

    /// Forbids tokens only among the most probable ones, down to the last that the law can have:
    /// to ask a grammar about a whole vocabulary takes as long as a small model's forward.
    ///
    /// - Returns: `false` when that is not enough, or other tokens than these may count.
    private mutating func restrictsWhatCounts(
        _ sampling: Sampling, _ restriction: Restriction
    ) -> Bool {
        let needed = sampling.isGreedy ? 1 : sampling.topK
        guard needed > 0, needed < adjusted.count, !sampling.adjustsLogits else { return false }
        let candidates = adjusted.withUnsafeBufferPointer {
            truncation.top(needed + Self.spareCandidates, of: $0)
        }
        var allowed = 0
        for candidate in candidates where allowed < needed {
            if restriction.constraint.allows(candidate.token, after: restriction.generated) {
                allowed += 1
            } else {
                adjusted[Int(candidate.token)] = -.infinity
            }
        }
        return allowed == needed
    }

    /// How many of the most probable tokens may be forbidden before all are asked about.
    private static let spareCandidates = 64

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
