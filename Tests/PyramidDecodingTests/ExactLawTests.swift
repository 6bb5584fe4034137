import PyramidDecoding
import PyramidTestSupport
import Testing

/// Lookaheads by level, bottom first; zeros are levels that are off.
private let lookaheadChoices: [[Int]] = [
    [], [1], [2], [4], [9], [0],
    [1, 2], [2, 2], [2, 5], [4, 2], [0, 3], [3, 0], [0, 0], [15, 25],
    [1, 2, 3], [2, 0, 4], [0, 3, 2], [3, 3, 3],
    [1, 1, 1, 1], [1, 2, 3, 4], [2, 0, 0, 3], [0, 2, 0, 2],
]

/// Rules by level, bottom first, under an exact or coupled target; the bottom only draws.
private let lossyRules: [[any AcceptanceRule]] =
    [
        [ExactRule(), AssistedRule()],
        [ExactRule(), AssistedRule(), AssistedRule()],
        [ExactRule(), FuzzyRule(threshold: 0.05), AssistedRule()],
        [ExactRule(), AssistedRule(), FuzzyRule(threshold: 0.2, divergence: .absProb)],
        [CoupledRule(), AssistedRule()],
        [ExactRule(), ExactRule(), AssistedRule(), FuzzyRule(threshold: 0.05)],
    ]
    + zip(Divergence.allCases, [0.05, 0.05, 0.2, 0.2, 0.1, 0.7]).map {
        [ExactRule(), FuzzyRule(threshold: $1, divergence: $0)]
    }

/// Threshold of every check: the statistic's value that a right law exceeds with probability 1e-4.
@Suite("The exact and the coupled rule keep the target's law")
struct ExactLawTests {
    @Test(
        "The first three tokens have the target's law at any depth and lookahead",
        arguments: Array(lookaheadChoices.indices), [DecodingMode.exact, .coupled])
    func law(index: Int, mode: DecodingMode) throws {
        let lookaheads = lookaheadChoices[index]
        for turn in [0, 3] {
            let named = NamedSampling.all[(index + turn) % NamedSampling.all.count]
            let toy = ToyPyramid(
                levelCount: lookaheads.count + 1, vocabularySize: 5 + (index + turn) % 3,
                seed: UInt64(index + turn), distance: 0.4 + 0.3 * Double(index % 3))
            // Both a buffer that the limit cuts and one that it does not.
            let options = DecodingOptions(
                lookaheads: lookaheads, mode: mode, sampling: named.sampling,
                maximumTokens: turn == 0 ? 3 : 40)
            let result = try LawCheck(toy: toy, options: options).run()
            print("law \(mode.name) \(lookaheads) \(named): \(result)")
            #expect(result.isConsistent, "\(result)")
        }
    }

    @Test(
        "A sequence that may end early has the law of strings up to the end",
        arguments: [[3], [2, 4], [1, 2, 3]])
    func endTokens(lookaheads: [Int]) throws {
        let toy = ToyPyramid(levelCount: lookaheads.count + 1, vocabularySize: 5, seed: 4)
        let options = DecodingOptions(
            lookaheads: lookaheads, sampling: NamedSampling.all[0].sampling, maximumTokens: 9,
            endTokens: [2, 4])
        let result = try LawCheck(toy: toy, options: options).run()
        print("law exact \(lookaheads) end tokens: \(result)")
        #expect(result.isConsistent, "\(result)")
    }

    @Test(
        "A lookup at the bottom changes no law",
        arguments: [[3], [2, 4], [4, 0], [2, 2, 3]], [DecodingMode.exact, .coupled])
    func lookup(lookaheads: [Int], mode: DecodingMode) throws {
        for named in NamedSampling.all.prefix(3) {
            let toy = ToyPyramid(
                levelCount: lookaheads.count, vocabularySize: 5, seed: 17,
                lookup: NGramLookup(longestMatch: 3, shortestMatch: 1))
            let options = DecodingOptions(
                lookaheads: lookaheads, mode: mode, sampling: named.sampling, maximumTokens: 20)
            let result = try LawCheck(toy: toy, options: options).run()
            print("law \(mode.name) lookup \(lookaheads) \(named): \(result)")
            #expect(result.isConsistent, "\(result)")
        }
    }

    @Test(
        "A lossy rule inside, its true law carried upward, changes no law",
        arguments: Array(lossyRules.indices), [true, false])
    func lossyInside(index: Int, isCoupled: Bool) throws {
        let target: any AcceptanceRule = isCoupled ? CoupledRule() : ExactRule()
        let inner = lossyRules[index]
        for turn in [index % 2, 2] {
            let named = NamedSampling.all[[0, 2, 7][turn]]
            let toy = ToyPyramid(
                levelCount: inner.count + 1, vocabularySize: 5, seed: UInt64(31 + index),
                distance: 0.8)
            let lookaheads = (1...inner.count).map { turn == 1 ? 2 : $0 + 1 }
            let options = DecodingOptions(
                lookaheads: lookaheads, sampling: named.sampling, maximumTokens: 20)
            let result = try LawCheck(toy: toy, options: options, rules: inner + [target]).run()
            print(
                "law lossy inside \(index) coupled \(isCoupled) \(lookaheads) \(named): \(result)")
            #expect(result.isConsistent, "\(result)")
        }
    }
}
