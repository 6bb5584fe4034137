internal import PyramidDecoding

/// Percentile intervals by resampling (Efron 1979, doi 10.1214/aos/1176344552), the same ones for
/// the same seed.
public struct Bootstrap: Sendable {
    /// How many resamples. Default 2,000.
    public var resamples: Int
    /// The probability that an interval is to hold the figure, in (0, 1). Default 0.95.
    public var confidence: Double
    /// Seeds the resamples. Default 1.
    public var seed: UInt64

    /// Intervals with the given settings.
    public init(resamples: Int = 2000, confidence: Double = 0.95, seed: UInt64 = 1) {
        precondition(resamples >= 1 && confidence > 0 && confidence < 1)
        self.resamples = resamples
        self.confidence = confidence
        self.seed = seed
    }

    /// The mean of values; `nil` without any.
    public func mean(_ values: [Double]) -> Estimate? {
        estimate([values]) { groups in
            guard let values = groups.first, !values.isEmpty else { return nil }
            return values.reduce(0, +) / Double(values.count)
        }
    }

    /// The ratio of the rates of totals over prompts. Prompts are drawn as pairs, so what makes a
    /// prompt slow for both sides does not widen the interval.
    public func speedup(_ pairs: [SpeedPair]) -> Estimate? {
        estimate([pairs]) { $0.first.flatMap { SpeedPair.speedup(of: $0) } }
    }

    /// The geometric mean over categories of ``speedup(_:)``; prompts are drawn within theirs.
    public func meanSpeedup(_ categories: [[SpeedPair]]) -> Estimate? {
        estimate(categories) { categories in
            let speedups = categories.compactMap { SpeedPair.speedup(of: $0) }
            return speedups.count == categories.count ? GeometricMean.of(speedups) : nil
        }
    }

    /// The figure of `groups`, with the interval of its resamples; each group is resampled by
    /// itself, and where every group has only one element there is no interval.
    func estimate<Element>(
        _ groups: [[Element]], _ figure: ([[Element]]) -> Double?
    ) -> Estimate? {
        guard let value = figure(groups) else { return nil }
        guard groups.contains(where: { $0.count > 1 }) else { return Estimate(value: value) }
        var source = RandomSource(seed: seed)
        var figures: [Double] = []
        for _ in 0..<resamples {
            let resample = groups.map { group in
                group.map { _ in group[Int.random(in: group.indices, using: &source)] }
            }
            if let figure = figure(resample) { figures.append(figure) }
        }
        figures.sort()
        guard let lower = Self.quantile((1 - confidence) / 2, of: figures),
            let upper = Self.quantile((1 + confidence) / 2, of: figures)
        else { return Estimate(value: value) }
        return Estimate(value: value, lower: lower, upper: upper)
    }

    /// The value below which a share of sorted values lies, interpolated.
    static func quantile(_ share: Double, of sorted: [Double]) -> Double? {
        guard let last = sorted.indices.last else { return nil }
        let place = share * Double(last)
        let below = Int(place)
        guard below < last else { return sorted[last] }
        return sorted[below] + (sorted[below + 1] - sorted[below]) * (place - Double(below))
    }
}
