import PyramidDecoding
import PyramidTestSupport
import Testing

/// A pyramid in which some levels know only part of the tokens.
struct PartialCase: Sendable, CustomTestStringConvertible {
    var lookaheads: [Int]
    /// By level from the bottom.
    var known: [Int: Set<TokenID>]

    var testDescription: String {
        "\(lookaheads) "
            + known.sorted { $0.key < $1.key }
            .map { "\($0.key): \($0.value.sorted())" }.joined(separator: " ")
    }

    func toy(vocabularySize: Int, seed: UInt64) -> ToyPyramid {
        var toy = ToyPyramid(
            levelCount: lookaheads.count + 1, vocabularySize: vocabularySize, seed: seed,
            distance: 0.5)
        toy.known = known
        return toy
    }

    static let all = [
        PartialCase(lookaheads: [3], known: [0: [0, 1, 3]]),
        PartialCase(lookaheads: [2], known: [0: [4]]),
        PartialCase(lookaheads: [2, 4], known: [0: [0, 2, 3]]),
        PartialCase(lookaheads: [2, 4], known: [1: [1, 2, 4]]),
        PartialCase(lookaheads: [1, 3], known: [0: [0, 1, 2], 1: [2, 3, 4]]),
        PartialCase(lookaheads: [2, 2], known: [0: [0, 1], 1: [3, 4]]),
        PartialCase(lookaheads: [1, 2, 3], known: [0: [0, 2], 2: [0, 1, 2, 3]]),
    ]
}

private let lossy: [(mode: DecodingMode, rules: [SlowPyramid.Rule])] = [
    (.fsd(FSD(tauT: 0.2)), [.fuzzy(.js, 0.2)]),
    (.fsd(FSD(tauT: 0.6, divergence: .absLogit)), [.fuzzy(.absLogit, 0.6)]),
    (.fsd(FSD(tauT: 0.5, divergence: .kl)), [.fuzzy(.kl, 0.5)]),
    (.psdA(PSDA(tauT: 0.2)), [.assisted, .fuzzy(.js, 0.2)]),
    (.psdF(PSDF(tauQ: 0.3, tauT: 0.2)), [.fuzzy(.js, 0.3), .fuzzy(.js, 0.2)]),
    (.budget(Budget(limit: 0.1)), [.budget(0.1)]),
]

/// Threshold of every check of a law: probability 1e-4 under the right law.
@Suite("Levels that know only part of the vocabulary") struct PartialVocabularyTests {
    @Test("Rows and tokens are translated, and what is not known is never proposed")
    func translation() {
        let partial = PartialVocabulary(sharedIDs: [4, -1, 1], standIns: [2, 2, 0, 2, 0, 2])
        #expect(partial.size == 6 && partial.knownCount == 2)
        #expect((0..<6).map { partial.knows($0) } == [false, true, false, false, true, false])
        let request = ForwardRequest(
            sequence: 3, position: 7, tokens: [9, 4, 0, 1][1...], wantedRows: 2)
        let own = partial.translated([request])[0]
        #expect(own.tokens.map { $0 } == [0, 2, 2])
        #expect(own.sequence == 3 && own.position == 7 && own.wantedRows == 2)
        for row: [Float] in [[1, 2, 3], [-1, 5, 0]] {
            let shown = row.withUnsafeBufferPointer { partial.withRow($0) { Array($0) } }
            let none = -Float.infinity
            #expect(shown == [none, row[2], none, none, row[0], none])
        }
    }

    @Test(
        "Exact and coupled output has the target's law", arguments: Array(PartialCase.all.indices),
        [DecodingMode.exact, .coupled])
    func law(index: Int, mode: DecodingMode) throws {
        let partial = PartialCase.all[index]
        for turn in [0, 3] {
            let named = NamedSampling.all[(index + turn) % NamedSampling.all.count]
            let options = DecodingOptions(
                lookaheads: partial.lookaheads, mode: mode, sampling: named.sampling,
                maximumTokens: 20)
            let toy = partial.toy(vocabularySize: 5, seed: UInt64(60 + index))
            let result = try LawCheck(toy: toy, options: options).run()
            print("law \(mode.name) partial \(partial.testDescription) \(named): \(result)")
            #expect(result.isConsistent, "\(result)")
        }
    }

    @Test("Exact output has the target's law under automatic control", arguments: [0, 2, 4])
    func automatic(index: Int) throws {
        let partial = PartialCase.all[index]
        let options = DecodingOptions(
            lookaheads: partial.lookaheads, control: .auto, sampling: NamedSampling.all[0].sampling,
            maximumTokens: 20)
        let toy = partial.toy(vocabularySize: 5, seed: UInt64(80 + index))
        let seconds = [0.01, 0.05, 1].suffix(partial.lookaheads.count + 1)
        let result = try LawCheck(toy: toy, options: options, seconds: Array(seconds)).run()
        print("law exact auto partial \(partial.testDescription): \(result)")
        #expect(result.isConsistent, "\(result)")
    }

    @Test(
        "Greedy and coupled texts are those of plain decoding",
        arguments: Array(PartialCase.all.indices), [DecodingMode.exact, .coupled])
    func identity(index: Int, mode: DecodingMode) throws {
        for seed in 0..<20 as Range<UInt64> {
            let toy = PartialCase.all[index].toy(vocabularySize: 6, seed: seed)
            var options = DecodingOptions(
                lookaheads: PartialCase.all[index].lookaheads, mode: mode, maximumTokens: 40)
            options.sampling.seed = seed
            options.sampling.temperature = mode == .exact ? 0 : 1
            let text = try toy.text(after: [1, 5, 0], options)
            #expect(try text == toy.plainText(after: [1, 5, 0], options))
        }
    }

    @Test(
        "Lossy rules have the law of the slow reference",
        arguments: Array(lossy.indices), [[0: [0, 2]], [0: [1]]] as [[Int: Set<TokenID>]])
    func lossyLaw(index: Int, known: [Int: Set<TokenID>]) throws {
        let (mode, rules) = lossy[index]
        let lookaheads = rules.count == 1 ? [2] : [1, 2]
        var toy = ToyPyramid(
            levelCount: rules.count + 1, vocabularySize: 3, seed: 50, distance: 0.6)
        toy.known = known
        let options = DecodingOptions(
            lookaheads: lookaheads, mode: mode, sampling: NamedSampling.all[0].sampling,
            maximumTokens: 4)
        let slow = SlowPyramid(
            logits: toy.logits, rules: rules, lookaheads: lookaheads, sampling: options.sampling)
        let law = StringLaw(slow.law(after: [1, 0], count: 3, limit: 4))
        let check = LawCheck(toy: toy, options: options, prompt: [1, 0])
        let result = ChiSquare(try check.counts(), law)
        print("law \(mode.name) partial \(known): \(result)")
        #expect(result.isConsistent, "\(result)")
    }

    @Test("Tests that a partial level could not pass are counted")
    func statistics() throws {
        let toy = PartialCase(lookaheads: [3], known: [0: [0, 1, 3]])
            .toy(vocabularySize: 5, seed: 2)
        let pyramid = try toy.make(toy.makeModels())
        var options = DecodingOptions(lookaheads: [3], maximumTokens: 200)
        options.sampling.temperature = 0
        let id = try pyramid.start(prompt: [1], options: options)
        var expected = 0
        while pyramid.end(of: id) == nil {
            let emission = try pyramid.round([id])[0]
            // The last token of a round is the target's: a correction, or one after all passed.
            expected += emission.tokens.count {
                $0.author.kind == .corrected && ![0, 1, 3].contains($0.token)
            }
        }
        #expect(expected > 20)
        #expect(pyramid.statistics(of: id)[0].unknown == expected)
    }
}
