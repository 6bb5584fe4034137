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

    /// Allows tokens of a set, and counts how often it is asked about all.
    private final class AllowedSet: TokenConstraint {
        let allowed: Set<TokenID>
        var wholeCalls = 0

        init(_ allowed: Set<TokenID>) { self.allowed = allowed }

        func allows(_ token: TokenID, after generated: ArraySlice<TokenID>) -> Bool {
            allowed.contains(token)
        }

        func restrict(
            _ logits: UnsafeMutableBufferPointer<Float>, after generated: ArraySlice<TokenID>
        ) {
            wholeCalls += 1
            for token in logits.indices where !allowed.contains(TokenID(token)) {
                logits[token] = -.infinity
            }
        }
    }

    @Test("Asking only about the tokens that count gives the law of asking about all")
    func onlyWhatCounts() {
        var random = RandomSource(seed: 4)
        var builder = LawBuilder()
        var (cheap, whole) = (0, 0)
        for turn in 0..<300 {
            var logits = (0..<500).map { _ in Float(random.next() % 64) / 8 }
            let share = [2, 3, 40][turn % 3]
            let constraint = AllowedSet(
                Set(
                    (0..<500).filter { _ in Int(random.next() % 64) % share == 0 }.map(TokenID.init)
                ))
            guard !constraint.allowed.isEmpty else { continue }
            var sampling = Sampling()
            sampling.temperature = turn % 4 == 0 ? 0 : 1
            sampling.topK = [1, 5, 40, 0][turn / 3 % 4]
            sampling.topP = [1, 0.8][turn % 2]
            sampling.minP = [0, 0.1][turn / 2 % 2]
            if turn % 7 == 0 { sampling.logitBias = [3: 1] }
            let laws = (0..<2).map { _ in Distribution(vocabularySize: 500) }
            let restriction = Restriction(constraint: constraint, generated: [])
            let isLaw = logits.withUnsafeBufferPointer {
                builder.build(laws[0], from: $0, sampling, history: [], restriction: restriction)
            }
            if constraint.wholeCalls > 0 { whole += 1 } else { cheap += 1 }
            for token in logits.indices where !constraint.allowed.contains(TokenID(token)) {
                logits[token] = -.infinity
            }
            let isExpected = logits.withUnsafeBufferPointer {
                builder.build(laws[1], from: $0, sampling, history: [])
            }
            #expect(isLaw && isExpected)
            for token in 0..<TokenID(500) {
                #expect(laws[0].probability(of: token) == laws[1].probability(of: token))
            }
        }
        #expect(cheap > 60 && whole > 60, "\(cheap) asked about few, \(whole) about all")
    }
}
