import PyramidDecoding
import PyramidTestSupport
import Testing

@Suite("Greedy and coupled decoding give the target's own text")
struct IdentityTests {
    @Test(
        "The text is that of plain decoding at any depth and lookahead",
        arguments: [
            [], [0], [1], [3], [20], [1, 1], [2, 5], [5, 2], [0, 4], [4, 0], [15, 25],
            [1, 2, 3], [2, 0, 4], [0, 0, 2], [3, 3, 3], [1, 2, 3, 4], [2, 2, 2, 2], [0, 3, 0, 1],
        ], [DecodingMode.exact, .coupled])
    func identity(lookaheads: [Int], mode: DecodingMode) throws {
        for (index, named) in NamedSampling.all.enumerated() {
            for seed in 0..<6 as Range<UInt64> {
                let toy = ToyPyramid(
                    levelCount: lookaheads.count + 1, vocabularySize: 7, seed: seed, distance: 0.5)
                var sampling = named.sampling
                sampling.seed = seed
                // Exact decoding is deterministic only where laws are one-hot.
                if mode == .exact { sampling.temperature = 0 }
                let options = DecodingOptions(
                    lookaheads: lookaheads, mode: mode, sampling: sampling,
                    maximumTokens: 30 + index, endTokens: index.isMultiple(of: 2) ? [6] : [])
                let text = try toy.text(after: [1, 2, 0], options)
                #expect(try text == toy.plainText(after: [1, 2, 0], options))
            }
        }
    }

    @Test("A lookup changes no token", arguments: [[4], [0], [3, 5], [6, 0], [2, 2, 4]])
    func lookup(lookaheads: [Int]) throws {
        for seed in 0..<20 as Range<UInt64> {
            var toy = ToyPyramid(
                levelCount: lookaheads.count, vocabularySize: 4, seed: seed, distance: 0.5)
            toy.lookup = NGramLookup(longestMatch: 3, shortestMatch: 1)
            var options = DecodingOptions(lookaheads: lookaheads, maximumTokens: 40)
            options.sampling.temperature = seed.isMultiple(of: 2) ? 0 : 0.8
            options.sampling.seed = seed
            options.mode = .coupled
            let text = try toy.text(after: [1, 2, 0, 1, 2], options)
            #expect(try text == toy.plainText(after: [1, 2, 0, 1, 2], options))
        }
    }

    @Test("The same seed gives the same text in every mode, another seed another one")
    func seeds() throws {
        let toy = ToyPyramid(levelCount: 3, vocabularySize: 7, seed: 1)
        for mode in [DecodingMode.exact, .coupled, .psdA(PSDA()), .psdF(PSDF()), .budget(Budget())]
        {
            var options = DecodingOptions(lookaheads: [2, 4], mode: mode, maximumTokens: 40)
            options.sampling.temperature = 1
            let text = try toy.text(after: [1], options)
            #expect(try text == toy.text(after: [1], options))
            options.sampling.seed = 1
            #expect(try text != toy.text(after: [1], options))
        }
    }

    @Test("A level of equal law has all its proposals accepted")
    func equalLevels() throws {
        for mode in [DecodingMode.exact, .coupled] {
            var toy = ToyPyramid(levelCount: 3, vocabularySize: 7, seed: 1)
            toy.distances = [0, 0, 0]
            let pyramid = try toy.make(toy.makeModels())
            var options = DecodingOptions(lookaheads: [2, 4], mode: mode, maximumTokens: 100)
            options.sampling.temperature = 1
            let id = try pyramid.start(prompt: [1], options: options)
            while pyramid.end(of: id) == nil { _ = try pyramid.round([id]) }
            for level in pyramid.statistics(of: id).dropLast() {
                #expect(level.acceptanceRate == 1)
                #expect(abs((level.meanOverlap ?? 0) - 1) < 1e-5)
            }
        }
    }
}
