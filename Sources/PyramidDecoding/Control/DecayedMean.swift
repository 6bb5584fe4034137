/// A mean in which every value weighs less the older it is.
struct DecayedMean: Sendable, Codable, Equatable {
    private(set) var sum = 0.0
    /// The sum of the values' weights; the newest weighs 1.
    private(set) var weight = 0.0

    /// No values yet.
    init() {}

    /// Adds a value that counts as much as `share` of one; `window` is the greatest weight that
    /// all values can have together.
    mutating func add(_ value: Double, window: Double, share: Double = 1) {
        let kept = 1 - share / window
        sum = sum * kept + value * share
        weight = weight * kept + share
    }

    /// Makes all values weigh less, as if one had been added elsewhere.
    mutating func age(window: Double) {
        sum *= 1 - 1 / window
        weight *= 1 - 1 / window
    }

    /// Whether it can be a mean of probabilities.
    var isProbability: Bool {
        weight.isFinite && weight >= 0 && sum >= 0 && sum <= weight * 1.0001
    }

    /// The mean, drawn towards `prior` as if that had been seen `priorWeight` times.
    func mean(prior: Double, weight priorWeight: Double) -> Double {
        (sum + prior * priorWeight) / (weight + priorWeight)
    }
}
