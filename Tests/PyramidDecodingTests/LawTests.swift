import PyramidDecoding
import PyramidTestSupport
import Testing

/// Makes a law of a row of logits.
func law(_ logits: [Float], _ sampling: Sampling, history: [TokenID] = []) -> Distribution? {
    var builder = LawBuilder()
    let law = Distribution(vocabularySize: logits.count)
    let isLaw = logits.withUnsafeBufferPointer {
        builder.build(law, from: $0, sampling, history: history[...])
    }
    return isLaw ? law : nil
}

/// A law with the given probabilities, dense or sparse.
func law(_ probabilities: [Float], isDense: Bool) -> Distribution {
    let law = Distribution(vocabularySize: probabilities.count)
    if isDense {
        let modal = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
        law.setDense(modalToken: TokenID(modal)) { _ = $0.update(from: probabilities) }
    } else {
        law.beginSparse()
        for (token, weight) in probabilities.enumerated() where weight > 0 {
            law.append(TokenID(token), weight)
        }
        law.finishSparse()
    }
    return law
}

/// The probabilities of a law, `[vocabularySize]`.
func array(_ law: Distribution) -> [Double] {
    (0..<law.vocabularySize).map { Double(law.probability(of: TokenID($0))) }
}

/// Random probabilities, some zero.
func randomProbabilities(_ count: Int, _ random: inout RandomSource) -> [Float] {
    var weights = (0..<count).map { _ in random.uniform() < 0.3 ? 0 : random.uniform() }
    weights[Int.random(in: 0..<count, using: &random)] += 0.1
    let total = weights.reduce(0, +)
    return weights.map { Float($0 / total) }
}

@Suite("Laws from logits")
struct LawTests {
    @Test(
        "Every sampling gives the law that sorting in double precision gives",
        arguments: [1, 2, 5, 15, 16, 17, 100, 1000, 5000])
    func againstReference(vocabularySize: Int) throws {
        var random = RandomSource(seed: UInt64(vocabularySize))
        for turn in 0..<60 {
            var sampling = Sampling()
            sampling.temperature = [1, 0.7, 1.6, 0.05][turn % 4]
            // Some equal logits, so that ties are cut too.
            let logits = (0..<vocabularySize).map { _ in
                Float((random.uniform() * 12).rounded(turn % 3 == 0 ? .down : .up))
                    + (turn % 3 == 2 ? Float(random.uniform()) : 0)
            }
            switch turn % 5 {
            case 1: sampling.topK = 1 + Int(random.next() % UInt64(vocabularySize + 3))
            case 2: sampling.topP = Float(0.001 + 0.998 * random.uniform())
            case 3: sampling.minP = Float(random.uniform())
            case 4:
                sampling.topK = 1 + Int(random.next() % UInt64(vocabularySize))
                sampling.topP = Float(0.3 + 0.69 * random.uniform())
                sampling.minP = Float(random.uniform() * 0.2)
            default: break
            }
            let found = try #require(law(logits, sampling))
            let expected = ReferenceLaw.law(logits, sampling, history: [])
            // At a cut in a plateau of equal logits one token may differ by rounding of the mass.
            let distance = zip(array(found), expected).map { abs($0 - $1) }.reduce(0, +) / 2
            let least = expected.filter { $0 > 0 }.min() ?? 0
            #expect(
                distance < 2e-6 + (sampling.topP < 1 ? 1.1 * least : 0), "turn \(turn)")
            #expect(abs(found.sum() - 1) < 1e-5)
            #expect(expected[Int(found.modalToken)] == expected.max())
        }
    }

    @Test(
        "A top-p cut keeps exactly the tokens that sorting keeps",
        arguments: 0..<40 as Range<UInt64>)
    func nucleus(seed: UInt64) throws {
        var random = RandomSource(seed: seed)
        let count = [3, 70, 500, 3000][Int(seed % 4)]
        let logits = (0..<count).map { _ in Float(random.uniform() * 10) }
        for topP in [1e-6, 0.1, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999] as [Float] {
            var sampling = Sampling()
            sampling.temperature = 1
            sampling.topP = topP
            let found = try #require(law(logits, sampling))
            let kept = ReferenceLaw.truncate(logits.map(Double.init), sampling)
            // The cut may fall one token beside where the mass is the fraction up to rounding.
            #expect(abs(found.tokens.count - kept.count) <= 1)
            #expect(found.tokens == found.tokens.sorted())
        }
    }

    @Test("Bias and penalties are those of a plain loop", arguments: 0..<30 as Range<UInt64>)
    func adjustments(seed: UInt64) throws {
        var random = RandomSource(seed: seed)
        let logits = (0..<40).map { _ in Float(random.uniform() * 8 - 4) }
        let history = (0..<60).map { _ in TokenID.random(in: 0..<40, using: &random) }
        var sampling = Sampling()
        sampling.temperature = 1
        sampling.repeatPenalty = Float(0.5 + random.uniform())
        sampling.frequencyPenalty = Float(random.uniform() - 0.5)
        sampling.presencePenalty = Float(random.uniform() - 0.5)
        sampling.repeatLastN = [nil, 0, 1, 10, 64, 1000][Int(seed % 6)]
        sampling.logitBias = [3: 2, 5: -.infinity, 39: -1, 40: 7]
        if sampling.repeatLastN == 0 {
            // Nothing is recent, so only the bias counts.
            sampling.logitBias = [:]
        }
        let found = try #require(law(logits, sampling, history: history))
        let expected = ReferenceLaw.law(logits, sampling, history: history)
        #expect(zip(array(found), expected).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    @Test("Hand table: top-k, top-p and min-p of logs of 8, 4, 2, 1, 1")
    func handTable() throws {
        let logits = [2, 0, 3, 1, 0].map { Float($0) * 0.693_147_18 }
        func kept(_ change: (inout Sampling) -> Void) throws -> [TokenID] {
            var sampling = Sampling()
            sampling.temperature = 1
            change(&sampling)
            return try #require(law(logits, sampling)).tokens
        }
        #expect(try kept { $0.topK = 1 } == [2])
        #expect(try kept { $0.topK = 2 } == [0, 2])
        // Of equals the lowest token stays.
        #expect(try kept { $0.topK = 4 } == [0, 1, 2, 3])
        #expect(try kept { $0.topP = 0.49 } == [2])
        #expect(try kept { $0.topP = 0.51 } == [0, 2])
        #expect(try kept { $0.topP = 0.8 } == [0, 2, 3])
        #expect(try kept { $0.minP = 0.3 } == [0, 2])
        #expect(try kept { $0.minP = 1 } == [2])
        // Top-p is of what top-k leaves: 8 of 12.
        #expect(
            try kept {
                $0.topK = 2
                $0.topP = 0.66
            } == [2])

    }

    @Test("Greedy takes the first of the greatest logits")
    func greedy() throws {
        var logits = [Float](repeating: 0, count: 100)
        for (at, also) in [(0, 99), (15, 16), (16, 31), (97, 98)] {
            logits[at] = 2
            logits[also] = 2
            let found = try #require(law(logits, Sampling()))
            #expect(found.tokens == [TokenID(at)])
            #expect(found.probabilities == [1])
            logits[at] = 0
            logits[also] = 0
        }
        #expect(try #require(law([-.infinity, -5, -.infinity], Sampling())).tokens == [1])
    }

    @Test("NaN, +infinity, or nothing finite is no law, wherever it stands")
    func invalid() {
        var samplings = NamedSampling.all.map(\.sampling)
        samplings.append(Sampling())
        for sampling in samplings {
            for count in [4, 33] {
                for index in 0..<count {
                    for bad in [Float.nan, .infinity] {
                        var logits = (0..<count).map { Float($0 % 7) }
                        logits[index] = bad
                        // A forbidden token may be anything.
                        guard sampling.logitBias[TokenID(index)] != -.infinity else { continue }
                        #expect(law(logits, sampling) == nil)
                    }
                }
                #expect(law(Array(repeating: -.infinity, count: count), sampling) == nil)
            }
        }
    }

    @Test(
        "Extreme temperatures make no NaN",
        arguments: [.leastNonzeroMagnitude, .leastNormalMagnitude / 8, 1e-20, 1e-3, 1e20, 3e38]
            as [Float])
    func extremeTemperatures(temperature: Float) throws {
        for topK in [0, 3] {
            var sampling = Sampling()
            sampling.temperature = temperature
            sampling.topK = topK
            let found = try #require(law([1, 5, 2, 4.99, -.infinity], sampling))
            #expect(abs(found.sum() - 1) < 1e-5)
            #expect(found.probability(of: 4) == 0)
            if temperature < 1e-2 { #expect(found.probability(of: 1) > 0.9999) }
        }
    }
}
