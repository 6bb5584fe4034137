import PyramidDecoding
import Testing

/// Prints what the operations over a large vocabulary cost. The limits are for a loaded machine
/// and find a loop that has lost its vector instructions, which costs ten times and more.
@Suite("Operations over a large vocabulary", .serialized)
struct OperationCostTests {
    private static let vocabularySize = 151_936

    @Test("No operation over the vocabulary takes more than 10 ms")
    func costs() {
        var builder = LawBuilder()
        let logits = Self.logits(seed: 1)
        let p = law(logits, &builder) { _ in }
        let q = law(Self.logits(seed: 2), &builder) { _ in }
        let scratch = Distribution(vocabularySize: Self.vocabularySize)
        let mixture = Distribution(vocabularySize: Self.vocabularySize)
        let rawP = RawLaw(vocabularySize: Self.vocabularySize)
        let rawQ = RawLaw(vocabularySize: Self.vocabularySize)
        logits.withUnsafeBufferPointer { _ = rawP.set($0) }
        Self.logits(seed: 2).withUnsafeBufferPointer { _ = rawQ.set($0) }
        var random = RandomSource(seed: 1)

        logits.withUnsafeBufferPointer { logits in
            time("argmax") { _ in builder.greedyToken(logits, Sampling(), history: []) }
            for named in NamedSampling.large {
                time("law, \(named)") { _ in
                    builder.build(scratch, from: logits, named.sampling, history: [1, 2, 3])
                }
            }
            time("raw law") { _ in rawP.set(logits) }
        }
        time("sample") { _ in p.sample(using: &random) }
        time("overlap") { _ in p.overlap(with: q) }
        time("residual") { _ in p.sampleResidual(minus: q, scratch: scratch, using: &random) }
        time("minimum and mixture") { _ in
            scratch.setMinimum(p, q)
            mixture.setMixture(kept: scratch, replacements: p)
        }
        time("race") { GumbelNoise(seed: 1, position: $0).winner(of: p) }
        for divergence in Divergence.allCases {
            time("divergence \(divergence.rawValue)") { _ in
                divergence.value(rawP, rawQ, token: 7)
            }
        }
        for divergence in [Divergence.absProb, .absLogit] {
            let rule = FuzzyRule(threshold: 0.5, divergence: divergence)
            var source = TokenSource(seed: 1, vocabularySize: Self.vocabularySize)
            let proposal = TestedProposal(
                token: 7, position: 3, p: p, r: q, rawP: rawP, rawQ: rawQ)
            time("fuzzy test \(divergence.rawValue)") { _ in rule.judge(proposal, &source).law }
        }
    }

    private func law(
        _ logits: [Float], _ builder: inout LawBuilder, _ change: (inout Sampling) -> Void
    ) -> Distribution {
        var sampling = Sampling()
        sampling.temperature = 1
        change(&sampling)
        let law = Distribution(vocabularySize: logits.count)
        let isLaw = logits.withUnsafeBufferPointer {
            builder.build(law, from: $0, sampling, history: [])
        }
        #expect(isLaw)
        return law
    }

    /// The fastest of many runs.
    private func time(_ name: String, _ operation: (Int) -> some Any) {
        let clock = ContinuousClock()
        var best = Duration.seconds(1)
        for turn in 0..<15 {
            best = min(best, clock.measure { _ = operation(turn) })
        }
        let microseconds = Int(best / .microseconds(1))
        print("cost \(name): \(microseconds) us")
        #expect(microseconds < 10_000, "\(name)")
    }

    /// A few great logits over a long tail.
    private static func logits(seed: UInt64) -> [Float] {
        var base = RandomSource(seed: 9)
        var own = RandomSource(seed: seed)
        func noise(_ random: inout RandomSource) -> Float {
            Float((0..<4).reduce(-2.0) { sum, _ in sum + random.uniform() } * 1.7)
        }
        var logits = (0..<vocabularySize).map { _ in 1.6 * noise(&base) + 0.2 * noise(&own) }
        for rank in 0..<60 {
            let token = Int(base.next() % UInt64(vocabularySize))
            logits[token] = 18.5 - 1.2 * Float(rank).squareRoot() + noise(&own)
        }
        return logits
    }
}

extension NamedSampling {
    fileprivate static let large = [
        NamedSampling("temperature 1") { _ in },
        NamedSampling("top-k 40") { $0.topK = 40 },
        NamedSampling("top-p 0.95") { $0.topP = 0.95 },
        NamedSampling("top-p 0.999") { $0.topP = 0.999 },
        NamedSampling("min-p 0.05") { $0.minP = 0.05 },
        NamedSampling("top-k 40, top-p 0.95, min-p 0.05") {
            $0.topK = 40
            $0.topP = 0.95
            $0.minP = 0.05
        },
        NamedSampling("repeat penalty") { $0.repeatPenalty = 1.1 },
    ]
}
