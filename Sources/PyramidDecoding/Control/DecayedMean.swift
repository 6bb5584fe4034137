/// A mean in which every value weighs less the older it is.
struct DecayedMean: Sendable, Codable, Equatable {
    private(set) var sum = 0.0
    /// The sum of the values' weights; the newest weighs 1.
    private(set) var weight = 0.0

    /// No values yet.
    init() {}

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

    /// Whether it can be a mean of values in `range` that was taken with this window, or a shorter
    /// one, up to rounding.
    func isMean(of range: ClosedRange<Double>, window: Double) -> Bool {
        let slack = 1e-9 + 1e-4 * weight
        return (0...(window * 1.0001)).contains(weight)
            && sum >= weight * range.lowerBound - slack
            && sum <= weight * range.upperBound + slack
    }

    /// The mean, drawn towards `prior` as if that had been seen `priorWeight` times.
    func mean(prior: Double, weight priorWeight: Double) -> Double {
        (sum + prior * priorWeight) / (weight + priorWeight)
    }
}
