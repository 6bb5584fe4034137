/// A law over the vocabulary: the probabilities with which a token was, or would be, drawn.
///
/// It is dense (one probability per token) or sparse (the tokens with a positive probability,
/// ascending). Objects are taken from a ``DistributionPool`` and written in place, so that a
/// round allocates nothing of vocabulary size once it is warm.
package final class Distribution {
    /// The number of tokens of the vocabulary.
    package let vocabularySize: Int

    /// Whether `probabilities` has an entry for every token.
    package private(set) var isDense = false

    /// The tokens with a positive probability, ascending; empty when dense.
    package private(set) var tokens: [TokenID] = []

    /// Sparse: `[tokens.count]`. Dense: `[vocabularySize]`. They sum to 1 up to rounding.
    package private(set) var probabilities: [Float] = []

    /// A token of the greatest probability.
    package var modalToken: TokenID = 0

    package init(vocabularySize: Int) {
        self.vocabularySize = vocabularySize
    }

    /// The probability of a token; 0 outside the vocabulary.
    package func probability(of token: TokenID) -> Float {
        let index = Int(token)
        if isDense { return probabilities.indices.contains(index) ? probabilities[index] : 0 }
        let found = lowerBound(of: token)
        return found < tokens.count && tokens[found] == token ? probabilities[found] : 0
    }
}

// MARK: - Writing

extension Distribution {
    /// Makes this the law that always draws `token`.
    package func setOneHot(_ token: TokenID) {
        beginSparse()
        append(token, 1)
        modalToken = token
    }

    /// Makes this an empty sparse law, to be filled by `append` in ascending order of tokens.
    package func beginSparse() {
        isDense = false
        tokens.removeAll(keepingCapacity: true)
        probabilities.removeAll(keepingCapacity: true)
    }

    /// Adds a token to a sparse law.
    package func append(_ token: TokenID, _ probability: Float) {
        tokens.append(token)
        probabilities.append(probability)
    }

    /// Divides a sparse law by the sum of its weights and finds its modal token.
    package func finishSparse() {
        var total = 0.0
        var best = 0
        for (index, weight) in probabilities.enumerated() {
            total += Double(weight)
            if weight > probabilities[best] { best = index }
        }
        guard total > 0 else { return }
        modalToken = tokens[best]
        let scale = Float(1 / total)
        for index in probabilities.indices { probabilities[index] *= scale }
    }

    /// Multiplies every probability by `factor`, which leaves weights.
    ///
    /// - Complexity: O(number of stored probabilities), no allocation.
    package func scale(by factor: Float) {
        probabilities.withUnsafeMutableBufferPointer { weights in
            for index in weights.indices { weights[index] *= factor }
        }
    }

    /// Makes this a dense law whose entries `fill` writes, `[vocabularySize]`.
    package func setDense(modalToken: TokenID, _ fill: (UnsafeMutableBufferPointer<Float>) -> Void)
    {
        isDense = true
        self.modalToken = modalToken
        tokens.removeAll(keepingCapacity: true)
        if probabilities.count != vocabularySize {
            probabilities.removeAll(keepingCapacity: true)
            probabilities.append(contentsOf: repeatElement(0, count: vocabularySize))
        }
        probabilities.withUnsafeMutableBufferPointer { fill($0) }
    }

    /// Makes this the same law as another.
    package func copy(_ other: Distribution) {
        isDense = other.isDense
        modalToken = other.modalToken
        tokens.removeAll(keepingCapacity: true)
        tokens.append(contentsOf: other.tokens)
        probabilities.removeAll(keepingCapacity: true)
        probabilities.append(contentsOf: other.probabilities)
    }

    private func lowerBound(of token: TokenID) -> Int {
        var low = 0
        var high = tokens.count
        while low < high {
            let middle = (low + high) / 2
            if tokens[middle] < token { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
