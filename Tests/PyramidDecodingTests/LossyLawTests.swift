import PyramidDecoding
import PyramidTestSupport
import Testing

/// A lossy mode and the same in the slow reference.
private struct LossyCase: Sendable {
    var mode: DecodingMode
    var lookaheads: [Int]
    var slowRules: [SlowPyramid.Rule]

    static func fsd(_ divergence: Divergence, _ threshold: Double, _ lookahead: Int) -> LossyCase {
        LossyCase(
            mode: .fsd(FSD(tauT: threshold, divergence: divergence)), lookaheads: [lookahead],
            slowRules: [.fuzzy(divergence, threshold)])
    }

    static func psdA(
        _ divergence: Divergence, _ threshold: Double, _ lookaheads: [Int]
    ) -> LossyCase {
        LossyCase(
            mode: .psdA(PSDA(tauT: threshold, divergence: divergence)), lookaheads: lookaheads,
            slowRules: [.assisted, .fuzzy(divergence, threshold)])
    }

    static func psdF(
        _ divergence: Divergence, _ thresholds: [Double], _ lookaheads: [Int]
    ) -> LossyCase {
        LossyCase(
            mode: .psdF(PSDF(tauQ: thresholds[0], tauT: thresholds[1], divergence: divergence)),
            lookaheads: lookaheads,
            slowRules: thresholds.map { .fuzzy(divergence, $0) })
    }

    static func budget(_ limit: Double, _ lookaheads: [Int]) -> LossyCase {
        LossyCase(
            mode: .budget(Budget(limit: limit)), lookaheads: lookaheads,
            slowRules: lookaheads.dropLast().map { _ in .strict } + [.budget(limit)])
    }
}

private let lossyCases: [LossyCase] = [
    .fsd(.js, 0.08, 2), .fsd(.js, 0.08, 4), .fsd(.jsFSD, 0.1, 2), .fsd(.kl, 0.2, 3),
    .fsd(.tv, 0.25, 2), .fsd(.absProb, 0.15, 3), .fsd(.absLogit, 0.6, 2), .fsd(.js, 0, 2),
    .psdA(.js, 0.08, [1, 2]), .psdA(.js, 0.08, [2, 2]), .psdA(.absProb, 0.15, [1, 3]),
    .psdA(.tv, 0.25, [2, 3]),
    .psdF(.js, [0.05, 0.1], [1, 2]), .psdF(.js, [0.1, 0.05], [2, 3]),
    .psdF(.absLogit, [0.6, 0.6], [1, 2]), .psdF(.absProb, [0.15, 0.2], [2, 2]),
    .psdF(.kl, [0.2, 0.3], [2, 2]),
    .budget(0, [2]), .budget(0.02, [2]), .budget(0.1, [3]), .budget(0.3, [2]), .budget(1, [2]),
    .budget(0.05, [1, 2]), .budget(0.1, [2, 2]), .budget(0.2, [1, 1, 2]),
]

/// Threshold of every check: probability 1e-4 under the right law.
@Suite("Lossy rules do what the method describes")
struct LossyLawTests {
    @Test(
        "The law of three tokens is the slow reference's by enumeration",
        arguments: Array(lossyCases.indices))
    func law(index: Int) throws {
        let lossy = lossyCases[index]
        for named in [NamedSampling.all[0], NamedSampling.all[1], NamedSampling.all[5]] {
            let toy = ToyPyramid(
                levelCount: lossy.lookaheads.count + 1, vocabularySize: 3, seed: 40, distance: 0.6)
            let options = DecodingOptions(
                lookaheads: lossy.lookaheads, mode: lossy.mode, sampling: named.sampling,
                maximumTokens: 4)
            let check = LawCheck(toy: toy, options: options, prompt: [1, 0])
            let slow = SlowPyramid(
                logits: toy.logits, rules: lossy.slowRules, lookaheads: lossy.lookaheads,
                sampling: named.sampling)
            let outcomes = slow.law(after: [1, 0], count: 3, limit: 4)
            let law = StringLaw(outcomes)
            let texts = try check.texts()
            var counts: [[TokenID]: Int] = [:]
            for text in texts { counts[text.map(\.token), default: 0] += 1 }
            let result = ChiSquare(counts, law)
            let toTarget = ChiSquare(counts, check.law)
            print(
                "law \(lossy.mode.name) \(lossy.slowRules) \(lossy.lookaheads) \(named): \(result); "
                    + "against the target TV \((toTarget.totalVariation * 1000).rounded() / 1000)")
            checkVariations(texts, outcomes)
            #expect(abs(law.probabilities.values.reduce(0, +) - 1) < 1e-9)
            #expect(result.isConsistent, "\(result)")
        }
    }

    /// What the tokens say of their laws is, in every text and in the mean, what enumeration says.
    private func checkVariations(
        _ texts: [[EmittedToken]], _ outcomes: [SlowPyramid.Emitted: Double]
    ) {
        let mean = outcomes.reduce(0) { $0 + $1.key.spent * $1.value }
        let square = outcomes.reduce(0) { $0 + $1.key.spent * $1.key.spent * $1.value }
        let found = texts.reduce(0) { $0 + $1.reduce(0) { $0 + $1.totalVariation } }
        let deviation = (max(0, square - mean * mean) / Double(texts.count)).squareRoot()
        #expect(abs(found / Double(texts.count) - mean) <= 4 * deviation + 1e-5)
        let known = Dictionary(grouping: outcomes.keys, by: \.tokens)
        for text in texts {
            let possible = known[text.map(\.token)] ?? []
            #expect(
                possible.contains { emitted in
                    zip(emitted.variations, text).allSatisfy { abs($0 - $1.totalVariation) < 1e-5 }
                })
        }
    }

    @Test("The slow reference is exact when its rules are", arguments: [[2], [1, 2], [2, 2]])
    func slowReferenceIsExact(lookaheads: [Int]) {
        let toy = ToyPyramid(levelCount: lookaheads.count + 1, vocabularySize: 3, seed: 40)
        let sampling = NamedSampling.all[0].sampling
        for inner in [SlowPyramid.Rule.assisted, .fuzzy(.js, 0.1), .strict] {
            var rules = Array(repeating: inner, count: lookaheads.count)
            rules[rules.count - 1] = .strict
            let slow = SlowPyramid(
                logits: toy.logits, rules: rules, lookaheads: lookaheads, sampling: sampling)
            let law = StringLaw(slow.law(after: [1], count: 2, limit: 3))
            let exact = StringLaw(
                of: toy.logits[lookaheads.count], after: [1], count: 2, sampling)
            for (string, probability) in exact.probabilities {
                #expect(abs((law.probabilities[string] ?? 0) - probability) < 1e-9)
            }
        }
    }
}
