/// What a verifier's sureness of its own law tells of how often it accepts another level's token.
///
/// Levels of one family find the same places easy. So the target's law at a position, which is
/// computed anyway, says something about a draft that is off.
struct AgreementInference: Sendable, Codable, Equatable {
    private var bySureness = Array(repeating: DecayedMean(), count: Sureness.count)
    private var differences = DecayedMean()

    /// How much an inferred test counts beside a real one.
    static let share = 0.5

    /// Whether all that it says is possible.
    func isSound(window: Double) -> Bool {
        bySureness.count == Sureness.count
            && bySureness.allSatisfy { $0.isMean(of: 0...1, window: window) }
            && differences.isMean(of: -1...1, window: window)
    }

    /// The probability of passing where the verifier is this sure, over all text.
    func acceptance(_ sureness: Sureness) -> Double {
        bySureness[sureness.index].mean(prior: sureness.usualAcceptance, weight: 4)
    }

    /// By how much a sequence does better than what is inferred for it.
    var ownDifference: Double { differences.mean(prior: 0, weight: 8) }

    /// Takes in a real test.
    ///
    /// - Parameter expected: What would have been inferred.
    mutating func add(
        _ accepted: Double, _ sureness: Sureness, expected: Double?, window: Double
    ) {
        bySureness[sureness.index].add(accepted, window: window)
        if let expected { differences.add(accepted - expected, window: window) }
    }
}
