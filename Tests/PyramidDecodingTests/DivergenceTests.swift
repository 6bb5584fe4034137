import PyramidDecoding
import PyramidTestSupport
import Testing

@Suite("Divergences against their definitions in double precision")
struct DivergenceTests {
    @Test(
        "Dense laws, entry by entry", arguments: Divergence.allCases, [2, 16, 50, 3000])
    func dense(divergence: Divergence, vocabularySize: Int) throws {
        var random = RandomSource(seed: UInt64(vocabularySize))
        for turn in 0..<12 {
            let logits = (0..<2).map { _ in
                (0..<vocabularySize).map { _ in Float(random.uniform() * Double(3 + turn)) }
            }
            let raw = try logits.map(rawLaw)
            let laws = logits.map { ReferenceLaw.softmax($0.map(Double.init)) }
            let token = Int.random(in: 0..<vocabularySize, using: &random)
            let expected =
                divergence == .absLogit
                ? Double(abs(logits[0][token] - logits[1][token]))
                : NaiveDivergence.value(divergence, laws[0], laws[1], token: token)
            let found = divergence.value(raw[0], raw[1], token: TokenID(token))
            #expect(abs(found - expected) < 5e-6, "\(found) \(expected)")
            #expect(divergence.value(raw[0], raw[0], token: TokenID(token)) < 5e-6)
        }
    }

    @Test("Against a one-hot proposer")
    func oneHot() throws {
        let p = try rawLaw([1, 2, 0])
        let q = RawLaw(vocabularySize: 3)
        q.setOneHot(1)
        let laws = (array(p.probabilities), array(q.probabilities))
        for divergence in [Divergence.js, .tv, .absProb] {
            let expected = NaiveDivergence.value(divergence, laws.0, laws.1, token: 1)
            #expect(abs(divergence.value(p, q, token: 1) - expected) < 1e-6)
        }
        for divergence in [Divergence.jsFSD, .kl, .absLogit] {
            #expect(divergence.value(p, q, token: 1) == .infinity)
        }
    }

    @Test("Disjoint laws have bounded divergences")
    func disjoint() throws {
        let p = try rawLaw([0, -.infinity])
        let q = try rawLaw([-.infinity, 0])
        #expect(abs(Divergence.js.value(p, q, token: 0) - 0.693_147) < 1e-5)
        #expect(abs(Divergence.tv.value(p, q, token: 0) - 1) < 1e-6)
        #expect(Divergence.kl.value(p, q, token: 0) > 80)
        #expect(Divergence.kl.value(p, q, token: 0).isFinite)
        #expect(Divergence.absLogit.value(p, q, token: 0) == .infinity)
    }

    @Test(
        "What a pointwise test keeps is what it accepts token by token",
        arguments: [Divergence.absProb, .absLogit], [true, false])
    func pointwise(divergence: Divergence, isDense: Bool) throws {
        var random = RandomSource(seed: 8)
        for count in [7, 16, 100] {
            let p = try rawLaw((0..<count).map { _ in Float(random.uniform() * 4) })
            let q = try rawLaw((0..<count).map { _ in Float(random.uniform() * 4) })
            let r = law(randomProbabilities(count, &random), isDense: isDense)
            let kept = Distribution(vocabularySize: count)
            // Thresholds right at a token's value too.
            for turn in 0..<count {
                let threshold = divergence.value(p, q, token: TokenID(turn))
                divergence.writeWeights(kept, of: r, p, q, threshold: threshold)
                for token in 0..<TokenID(count) {
                    let accepts = divergence.value(p, q, token: token) <= threshold
                    #expect(
                        kept.probability(of: token) == (accepts ? r.probability(of: token) : 0))
                }
            }
        }
    }

    private func rawLaw(_ logits: [Float]) throws -> RawLaw {
        let raw = RawLaw(vocabularySize: logits.count)
        try #require(logits.withUnsafeBufferPointer { raw.set($0) })
        return raw
    }
}
