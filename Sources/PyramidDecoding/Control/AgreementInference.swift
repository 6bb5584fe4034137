/// What a verifier's sureness of its own law tells of how often it accepts another level's token.
///
/// Levels of one family find the same places easy. So the target's law at a position, which is
/// computed anyway, says something about a draft that is off.
struct AgreementInference: Sendable, Codable, Equatable {
    private var bySureness = Array(repeating: DecayedMean(), count: Sureness.count)
    /// What was inferred of this text's tokens, tested or not.
    private var inferred = DecayedMean()

    /// Whether all that it says is possible.
    func isSound(window: Double) -> Bool {
        bySureness.count == Sureness.count
            && bySureness.allSatisfy { $0.isMean(of: 0...1, window: window) }
            && inferred.isMean(of: 0...1, window: window)
    }

    /// The probability of passing where the verifier is this sure, over all text.
    func acceptance(_ sureness: Sureness) -> Double {
        bySureness[sureness.index].mean(prior: sureness.usualAcceptance, weight: 4)
    }

    /// Takes in a real test.
    mutating func add(_ accepted: Double, _ sureness: Sureness, window: Double) {
        bySureness[sureness.index].add(accepted, window: window)
    }

    /// Takes in a token of which the verifier's law tells so much.
    mutating func infer(_ accepted: Double, window: Double) {
        inferred.add(accepted, window: window)
    }

    /// How often the level is accepted in a text that is as easy as this one.
    func ease(prior: Double) -> Double {
        inferred.mean(prior: prior, weight: 8)
    }
}
