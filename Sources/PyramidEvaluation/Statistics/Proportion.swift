/// How many of a number of items had a property.
public struct Proportion: Sendable, Codable, Equatable {
    /// Those that had it.
    public var successes: Int
    /// All.
    public var count: Int

    /// `successes` of `count`.
    public init(successes: Int, count: Int) {
        precondition(successes >= 0 && successes <= count)
        self.successes = successes
        self.count = count
    }

    /// The share, with Wilson's 95 % score interval (1927, doi 10.1080/01621459.1927.10502953),
    /// which keeps its coverage for few items and shares near 0 or 1; `nil` without items.
    public var estimate: Estimate? {
        guard count > 0 else { return nil }
        let n = Double(count)
        let share = Double(successes) / n
        let z = 1.959963984540054
        let center = share + z * z / (2 * n)
        let spread = z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
        let scale = 1 + z * z / n
        return Estimate(
            value: share, lower: max(0, (center - spread) / scale),
            upper: min(1, (center + spread) / scale))
    }
}
