import Foundation
import PyramidDecoding
import PyramidEvaluation
import Testing

@Suite struct StatisticsTests {
    // Newcombe 1998, table I: Wilson's interval for 81 of 263, 15 of 148, 0 of 20 and 1 of 29.
    @Test(arguments: [
        (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ])
    func `Wilson's interval has the published values`(
        successes: Int, count: Int, lower: Double, upper: Double
    ) throws {
        let estimate = try #require(Proportion(successes: successes, count: count).estimate)
        #expect(estimate.value == Double(successes) / Double(count))
        #expect(abs((estimate.lower ?? .nan) - lower) < 5e-5)
        #expect(abs((estimate.upper ?? .nan) - upper) < 5e-5)
    }

    @Test func `No items, no estimate`() {
        #expect(Proportion(successes: 0, count: 0).estimate == nil)
        #expect(Bootstrap().mean([]) == nil)
        #expect(Bootstrap().speedup([]) == nil)
        #expect(Bootstrap().meanSpeedup([]) == nil)
        #expect(GeometricMean.of([]) == nil)
        #expect(GeometricMean.of([1, 0]) == nil)
    }

    @Test func `The geometric mean of a ratio and its inverse is 1`() throws {
        #expect(abs(try #require(GeometricMean.of([2, 0.5])) - 1) < 1e-12)
        #expect(abs(try #require(GeometricMean.of([1, 2, 4])) - 2) < 1e-12)
    }

    private func pair(_ tokens: Double, _ seconds: Double, _ plain: Double) -> SpeedPair {
        SpeedPair(
            method: .init(tokens: tokens, seconds: seconds),
            baseline: .init(tokens: tokens, seconds: plain))
    }

    @Test func `A speedup is a ratio of totals, not a mean of ratios`() throws {
        // 30 tokens in 2 s against 30 in 5 s; the prompts' own ratios are 4 and 1.
        let pairs = [pair(20, 1, 4), pair(10, 1, 1)]
        let estimate = try #require(Bootstrap().speedup(pairs))
        #expect(abs(estimate.value - 2.5) < 1e-12)
        #expect(abs((estimate.lower ?? .nan) - 1) < 1e-12)
        #expect(abs((estimate.upper ?? .nan) - 4) < 1e-12)
    }

    @Test func `Pairs that all agree leave no doubt, however long each prompt takes`() throws {
        let pairs = (1...20).map { pair(10, Double($0), 3 * Double($0)) }
        let estimate = try #require(Bootstrap().speedup(pairs))
        #expect(abs((estimate.upper ?? .nan) - (estimate.lower ?? .nan)) < 1e-9)
        #expect(abs(estimate.value - 3) < 1e-12)
    }

    @Test func `One prompt has no interval, and no time no ratio`() throws {
        #expect(Bootstrap().speedup([pair(10, 1, 2)]) == Estimate(value: 2))
        #expect(Bootstrap().speedup([pair(10, 0, 2)]) == nil)
        #expect(Bootstrap().speedup([pair(10, 1, 0)]) == nil)
    }

    @Test func `Categories count alike, whatever their size`() throws {
        let many = Array(repeating: pair(10, 1, 4), count: 50)
        let estimate = try #require(Bootstrap().meanSpeedup([many, [pair(10, 1, 1)]]))
        #expect(abs(estimate.value - 2) < 1e-12)
        #expect(Bootstrap().meanSpeedup([many, [pair(10, 0, 1)]]) == nil)
    }

    @Test func `The same seed gives the same interval, another seed another`() {
        let values = (0..<30).map { Double($0 * $0 % 17) }
        #expect(Bootstrap().mean(values) == Bootstrap().mean(values))
        #expect(Bootstrap(seed: 2).mean(values) != Bootstrap().mean(values))
    }

    // Percentile intervals of 40 values cover a little less than they say; 400 trials put three
    // standard errors of 0.033 around it.
    @Test func `The interval of a mean covers the true mean nearly as often as it says`() throws {
        var source = RandomSource(seed: 5)
        var covered = 0
        for trial in 0..<400 {
            let values = (0..<40).map { _ in Double.random(in: 0..<1, using: &source) }
            let estimate = try #require(
                Bootstrap(resamples: 300, seed: UInt64(trial)).mean(values))
            if (estimate.lower ?? 1) <= 0.5, (estimate.upper ?? 0) >= 0.5 { covered += 1 }
        }
        #expect((361...397).contains(covered), "\(covered) of 400")
    }

    // The true ratio of totals is 2: both sides share what makes a prompt slow, and the method's
    // time has noise of its own.
    @Test func `The interval of a speedup covers the true one nearly as often as it says`() throws {
        var source = RandomSource(seed: 6)
        var covered = 0
        for trial in 0..<400 {
            let pairs = (0..<40).map { _ in
                let plain = Double.random(in: 1..<9, using: &source)
                return pair(10, plain / 2 * Double.random(in: 0.7..<1.3, using: &source), plain)
            }
            let estimate = try #require(
                Bootstrap(resamples: 300, seed: UInt64(trial)).speedup(pairs))
            if (estimate.lower ?? 9) <= 2, (estimate.upper ?? 0) >= 2 { covered += 1 }
        }
        #expect((361...397).contains(covered), "\(covered) of 400")
    }
}
