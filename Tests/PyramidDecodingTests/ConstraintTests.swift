import PyramidDecoding
import PyramidTestSupport
import Testing

/// Threshold of every check: the statistic's value that a right law exceeds with probability 1e-4.
@Suite("A constraint on tokens")
struct ConstraintTests {
    private static let lookaheads: [[Int]] = [[], [3], [2, 4], [0, 3], [1, 2, 3]]

    private func toy(_ lookaheads: [Int], seed: Int, lookup: Bool = false) -> ToyPyramid {
        ToyPyramid(
            levelCount: lookaheads.count + (lookup ? 0 : 1), vocabularySize: 6,
            seed: UInt64(seed), distance: 0.6,
            lookup: lookup ? NGramLookup(longestMatch: 3, shortestMatch: 1) : nil)
    }

    @Test(
        "The first three tokens have the target's law given what is allowed",
        arguments: Array(lookaheads.indices), [DecodingMode.exact, .coupled])
    func law(index: Int, mode: DecodingMode) throws {
        let lookaheads = Self.lookaheads[index]
        for turn in 0..<2 {
            let named = NamedSampling.all[[0, 2, 3, 5, 7, 1][(index + 3 * turn) % 6]]
            let constraint = ToyConstraint(vocabularySize: 6)
            let options = DecodingOptions(
                lookaheads: lookaheads, mode: mode, sampling: named.sampling, maximumTokens: 9)
            let result = try LawCheck(
                toy: toy(lookaheads, seed: index + turn), options: options, constraint: constraint
            ).run()
            print("law constrained \(mode.name) \(lookaheads) \(named): \(result)")
            #expect(result.isConsistent, "\(result)")
            #expect(constraint.violations == 0)
        }
    }

    @Test("Without the constraint the law is another one")
    func isNotVacuous() throws {
        var check = LawCheck(
            toy: toy([3], seed: 1),
            options: DecodingOptions(
                lookaheads: [3], sampling: NamedSampling.all[0].sampling, maximumTokens: 9))
        check.constraint = ToyConstraint(vocabularySize: 6)
        let constrained = check.law
        check.constraint = nil
        #expect(!ChiSquare(try check.counts(), constrained).isConsistent)
    }

    @Test(
        "Every mode writes allowed tokens only, also below a lookup, and greedy text is the plain one",
        arguments: [
            DecodingMode.exact, .coupled, .budget(Budget(limit: 0.3)), .psdA(PSDA(tauT: 0.5)),
            .psdF(PSDF(tauQ: 0.5, tauT: 0.5)),
        ], [0, 1] as [Float])
    func allowedOnly(mode: DecodingMode, temperature: Float) throws {
        for hasLookup in [false, true] {
            let toy = toy([2, 4], seed: 2, lookup: hasLookup)
            let pyramid = try toy.make(toy.makeModels())
            var options = DecodingOptions(lookaheads: [2, 4], mode: mode, maximumTokens: 120)
            options.sampling.temperature = temperature
            let constraint = ToyConstraint(vocabularySize: 6)
            let id = try pyramid.start(
                prompt: [1, 0, 2, 1, 0], options: options, constraint: constraint)
            while pyramid.end(of: id) == nil { _ = try pyramid.round([id]) }
            let text = pyramid.tokens(of: id).dropFirst(5)
            for end in text.indices {
                #expect(constraint.allows(text[end], after: text[..<end]))
            }
            #expect(constraint.violations == 0)
            guard !mode.isLossy, temperature == 0 || mode == .coupled else { continue }
            let alone = try toy.targetAlone.make(toy.targetAlone.makeModels())
            options.lookaheads = []
            let plain = try alone.start(
                prompt: [1, 0, 2, 1, 0], options: options, constraint: constraint)
            while alone.end(of: plain) == nil { _ = try alone.round([plain]) }
            #expect(Array(alone.tokens(of: plain).dropFirst(5)) == Array(text))
        }
    }
}
