import PyramidDecoding
import PyramidTestSupport
import Testing

/// Threshold of every check: the statistic's value that a right law exceeds with probability 1e-4.
@Suite("Automatic control keeps the law, and the text where the seed fixes it")
struct ControlLawTests {
    /// Seconds of a forward by level, bottom first: cheap and dear drafts, so that chains are
    /// switched and drafts stop early.
    private static let costs: [[Double]] = [
        [1, 3], [1, 10], [1, 2, 8], [1, 3, 30], [2, 3, 5], [1, 2, 4, 8],
    ]

    @Test(
        "The first three tokens have the target's law",
        arguments: Array(costs.indices), [DecodingMode.exact, .coupled])
    func law(index: Int, mode: DecodingMode) throws {
        let seconds = Self.costs[index]
        for turn in 0..<3 {
            let named = NamedSampling.all[(3 * index + turn) % NamedSampling.all.count]
            var toy = ToyPyramid(
                levelCount: seconds.count, vocabularySize: 5 + turn, seed: UInt64(51 + index),
                distance: 0.3 + 0.3 * Double(turn))
            // Sure here and unsure there, so that drafts stop early.
            toy.sharpness = turn == 1 ? 3 : 1.5
            let options = DecodingOptions(
                lookaheads: Array(repeating: 1, count: seconds.count - 1), control: .auto,
                mode: mode, sampling: named.sampling, maximumTokens: 40)
            var check = LawCheck(toy: toy, options: options)
            check.seconds = seconds
            let result = try check.run()
            print("law auto \(mode.name) \(seconds) \(named): \(result)")
            #expect(result.isConsistent, "\(result)")
        }
    }

    @Test("With a lookup at the bottom too", arguments: [DecodingMode.exact, .coupled])
    func lookup(mode: DecodingMode) throws {
        for turn in 0..<3 {
            let named = NamedSampling.all[turn * 2]
            let toy = ToyPyramid(
                levelCount: 2, vocabularySize: 5, seed: UInt64(71 + turn), distance: 0.5,
                lookup: NGramLookup(longestMatch: 3, shortestMatch: 1))
            let options = DecodingOptions(
                lookaheads: [1, 1], control: .auto, mode: mode, sampling: named.sampling,
                maximumTokens: 40)
            var check = LawCheck(toy: toy, options: options)
            check.seconds = [2, 5]
            let result = try check.run()
            print("law auto \(mode.name) with a lookup \(named): \(result)")
            #expect(result.isConsistent, "\(result)")
        }
    }

    @Test("Greedy and coupled text is plain decoding's", arguments: 0..<30 as Range<UInt64>)
    func identity(seed: UInt64) throws {
        var toy = ToyPyramid(
            levelCount: 1 + Int(seed % 4), vocabularySize: 6, seed: seed, distance: 0.4,
            lookup: seed % 3 == 0 ? NGramLookup(longestMatch: 3, shortestMatch: 1) : nil)
        toy.contextSize = 300
        let below = toy.levelCount - 1 + (toy.lookup == nil ? 0 : 1)
        var options = DecodingOptions(
            lookaheads: Array(repeating: 1, count: below), control: .auto, mode: .coupled,
            maximumTokens: 200)
        options.sampling.temperature = seed % 2 == 0 ? 0 : 1
        options.sampling.seed = seed
        let prompt: [TokenID] = [1, 2, 1]
        #expect(try toy.text(after: prompt, options) == toy.plainText(after: prompt, options))
    }

    @Test("Chains are switched and drafts stop early while the law is checked")
    func variety() throws {
        var toy = ToyPyramid(levelCount: 3, vocabularySize: 6, seed: 52, distance: 0.5)
        toy.sharpness = 3
        let models = toy.makeModels()
        let pyramid = try toy.make(models)
        pyramid.now = {
            .seconds(zip(models, [1, 3, 30]).reduce(0) { $0 + $1.0.forwardCount * $1.1 })
        }
        var options = DecodingOptions(
            lookaheads: [1, 1], control: .auto, sampling: NamedSampling.all[0].sampling,
            maximumTokens: 200)
        var chains: Set<[Bool]> = []
        var planned = 0
        for seed in 0..<20 as Range<UInt64> {
            options.sampling.seed = seed
            let id = try pyramid.start(prompt: [1, 0], options: options)
            while pyramid.end(of: id) == nil { _ = try pyramid.round([id]) }
            for plan in pyramid.plans(of: id) {
                chains.insert(plan.lookaheads.map { $0 > 0 })
                // The buffer of the level below the target, and the target's own token.
                planned += (plan.lookaheads.last { $0 > 0 } ?? 0) + 1
            }
            pyramid.finish(id)
        }
        #expect(chains.count >= 2, "\(chains)")
        #expect(pyramid.statistics[2].rows < planned * 49 / 50)
    }
}
