#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
package import PyramidDecoding

/// Laws in double precision, by sorting and plain loops: the slow reference of the core's.
package enum ReferenceLaw {
    /// The law that `sampling` makes of a row of logits after `history`, `[logits.count]`.
    package static func law(
        _ logits: [Float], _ sampling: Sampling, history: [TokenID]
    ) -> [Double] {
        let adjusted = adjust(logits, sampling, history: history)
        if sampling.temperature == 0 {
            let best = order(adjusted)[0]
            return adjusted.indices.map { $0 == best ? 1 : 0 }
        }
        let kept = truncate(adjusted, sampling)
        let temperature = Double(sampling.temperature)
        return softmax(
            adjusted.indices.map { kept.contains($0) ? adjusted[$0] / temperature : -.infinity })
    }

    /// softmax, `[logits.count]`.
    package static func softmax(_ logits: [Double]) -> [Double] {
        let greatest = logits.max() ?? 0
        let weights = logits.map { exp($0 - greatest) }
        let total = weights.reduce(0, +)
        return weights.map { $0 / total }
    }

    /// Logit bias, then the three penalties.
    package static func adjust(
        _ logits: [Float], _ sampling: Sampling, history: [TokenID]
    ) -> [Double] {
        let recent = history.suffix(sampling.repeatLastN ?? history.count)
        return logits.indices.map { index in
            let token = TokenID(index)
            var logit = Double(logits[index]) + Double(sampling.logitBias[token] ?? 0)
            let count = recent.count { $0 == token }
            guard count > 0 else { return logit }
            let penalty = Double(sampling.repeatPenalty)
            logit = logit > 0 ? logit / penalty : logit * penalty
            logit -= Double(count) * Double(sampling.frequencyPenalty)
            return logit - Double(sampling.presencePenalty)
        }
    }

    /// The tokens that top-k, top-p and min-p leave.
    package static func truncate(_ logits: [Double], _ sampling: Sampling) -> Set<Int> {
        var sorted = order(logits).filter { logits[$0] > -.infinity }
        if sampling.topK > 0 { sorted = Array(sorted.prefix(sampling.topK)) }
        if sampling.topP < 1 {
            let law = softmax(sorted.map { logits[$0] })
            var sum = 0.0
            var count = 0
            while count < sorted.count, sum < Double(sampling.topP) {
                sum += law[count]
                count += 1
            }
            sorted = Array(sorted.prefix(max(1, count)))
        }
        let floor = (logits.max() ?? 0) + log(Double(sampling.minP))
        return Set(sorted.filter { logits[$0] >= floor })
    }

    /// Token indices, most probable first, of equals the lowest first.
    private static func order(_ logits: [Double]) -> [Int] {
        logits.indices.sorted { logits[$0] != logits[$1] ? logits[$0] > logits[$1] : $0 < $1 }
    }
}

/// The law of the next tokens of a toy model, by enumerating every string.
package struct StringLaw: Sendable {
    /// The probability of each string; a string is shorter than asked for if it ends.
    package private(set) var probabilities: [[TokenID]: Double] = [:]

    /// The law of the next `count` tokens after `prompt`.
    package init(
        of logits: ToyLogits, after prompt: [TokenID], count: Int, _ sampling: Sampling,
        endTokens: Set<TokenID> = [], constraint: (any TokenConstraint)? = nil
    ) {
        extend([], 1)

        func extend(_ string: [TokenID], _ probability: Double) {
            let isEnded = string.last.map(endTokens.contains) ?? false
            guard string.count < count, !isEnded else {
                probabilities[string] = probability
                return
            }
            let history = prompt + string
            var row = logits.row(ToyLogits.context(after: history[...]))
            if let constraint {
                for token in row.indices
                where !constraint.allows(TokenID(token), after: string[...]) {
                    row[token] = -.infinity
                }
            }
            let law = ReferenceLaw.law(row, sampling, history: history)
            for (token, share) in law.enumerated() where share > 0 {
                extend(string + [TokenID(token)], probability * share)
            }
        }
    }

    /// A law given by its probabilities.
    package init(_ probabilities: [[TokenID]: Double]) {
        self.probabilities = probabilities
    }
}
