/// A mean in which every value weighs less the older it is.
struct DecayedMean: Sendable, Codable, Equatable {
    private(set) var sum = 0.0
    /// The sum of the values' weights; the newest weighs 1.
    private(set) var weight = 0.0

    /// No values yet.
    init() {}

    /// A mean that counts as much as `weight` new values.
    init(_ mean: Double, weight: Double) {
        sum = mean * weight
        self.weight = weight
    }

    /// Adds a value; `window` is the greatest weight that all values can have together.
    mutating func add(_ value: Double, window: Double) {
        let kept = 1 - 1 / window
        sum = sum * kept + value
        weight = weight * kept + 1
    }

    /// Makes all values weigh less, as if one had been added elsewhere.
    mutating func age(window: Double) {
        sum *= 1 - 1 / window
        weight *= 1 - 1 / window
    }

    /// The mean, drawn towards `prior` as if that had been seen `priorWeight` times.
    func mean(prior: Double, weight priorWeight: Double) -> Double {
        (sum + prior * priorWeight) / (weight + priorWeight)
    }
}
