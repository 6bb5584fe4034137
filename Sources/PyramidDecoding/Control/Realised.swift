/// What rounds of one chain really brought beside what was promised: stops by entropy, uneven
/// texts and anything else that the block terms do not know end up here.
struct Realised: Sendable {
    private var tokens = DecayedMean()
    private var promisedTokens = DecayedMean()
    private var seconds = DecayedMean()
    private var promisedSeconds = DecayedMean()

    /// - Parameters:
    ///   - promise: What was chosen.
    ///   - promised: The seconds that it should take, what levels had missed included.
    ///   - tokens: What came.
    ///   - seconds: What it took.
    mutating func add(
        _ promise: ChainOutlook, promised: Double, tokens: Int, seconds: Double
    ) {
        self.tokens.add(Double(tokens), window: Self.window)
        promisedTokens.add(promise.tokens, window: Self.window)
        // One round that the machine was away for says nothing about the next.
        self.seconds.add(min(seconds, 3 * promised), window: Self.window)
        promisedSeconds.add(promised, window: Self.window)
    }

    /// The promise as experience has it.
    func corrected(_ promise: ChainOutlook) -> ChainOutlook {
        var corrected = promise
        corrected.tokens = max(1, promise.tokens * ratio(tokens, promisedTokens))
        corrected.seconds = promise.seconds * ratio(seconds, promisedSeconds)
        return corrected
    }

    /// Real over promised, drawn towards 1 as if ``doubt`` rounds had kept their promise.
    private func ratio(_ real: DecayedMean, _ promised: DecayedMean) -> Double {
        guard promised.sum > 0, promised.weight > 0 else { return 1 }
        let usual = promised.sum / promised.weight * Self.doubt
        return min(max((real.sum + usual) / (promised.sum + usual), 0.5), 2)
    }

    private static let window = 96.0
    private static let doubt = 48.0
}
