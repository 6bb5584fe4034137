import PyramidDecoding
import PyramidTestSupport
import Testing

/// Laws of every pair of kinds: dense, sparse, and one-hot.
@Suite("Operations on laws")
struct DistributionTests {
    @Test(
        "Overlap, minimum and mixture are those of plain loops, dense or sparse",
        arguments: [1, 5, 16, 33, 700], [0, 1, 2, 3])
    func operations(vocabularySize: Int, kinds: Int) {
        var random = RandomSource(seed: UInt64(vocabularySize * 4 + kinds))
        for _ in 0..<20 {
            let p = law(randomProbabilities(vocabularySize, &random), isDense: kinds & 1 == 0)
            let q = law(randomProbabilities(vocabularySize, &random), isDense: kinds & 2 == 0)
            let least = zip(array(p), array(q)).map { min($0, $1) }
            let overlap = least.reduce(0, +)
            #expect(abs(p.overlap(with: q) - overlap) < 1e-6)
            #expect(abs(q.overlap(with: p) - overlap) < 1e-6)

            let kept = Distribution(vocabularySize: vocabularySize)
            let mixture = Distribution(vocabularySize: vocabularySize)
            kept.setMinimum(p, q)
            #expect(zip(array(kept), least).allSatisfy { abs($0 - $1) < 1e-7 })
            mixture.setMixture(kept: kept, replacements: p)
            let expected = zip(least, array(p)).map { $0 + (1 - overlap) * $1 }
            #expect(zip(array(mixture), expected).allSatisfy { abs($0 - $1) < 1e-6 })
            #expect(abs(mixture.sum() - 1) < 1e-5)

            let copy = Distribution(vocabularySize: vocabularySize)
            copy.copy(mixture)
            #expect(array(copy) == array(mixture))
        }
    }

    @Test("One-hot laws overlap where they agree")
    func oneHot() {
        let p = Distribution(vocabularySize: 9)
        let q = law([0.5, 0, 0.25, 0.25, 0, 0, 0, 0, 0], isDense: true)
        p.setOneHot(2)
        #expect(p.overlap(with: q) == 0.25)
        #expect(p.probability(of: 2) == 1)
        #expect(p.probability(of: 3) == 0)
        #expect(p.probability(of: 100) == 0)
        #expect(q.probability(of: 100) == 0)
        #expect(q.probability(of: -1) == 0)
    }

    @Test("A residual has the law norm(max(0, p - q)); p where nothing is left", arguments: 0..<4)
    func residual(kinds: Int) {
        var random = RandomSource(seed: UInt64(kinds))
        for _ in 0..<3 {
            let p = law(randomProbabilities(20, &random), isDense: kinds & 1 == 0)
            let q = law(randomProbabilities(20, &random), isDense: kinds & 2 == 0)
            let scratch = Distribution(vocabularySize: 20)
            let left = zip(array(p), array(q)).map { max(0, $0 - $1) }
            let total = left.reduce(0, +)
            check(left.map { $0 / total }) {
                p.sampleResidual(minus: q, scratch: scratch, using: &random)
            }
            check(array(p)) { p.sampleResidual(minus: p, scratch: scratch, using: &random) }
        }
    }

    @Test("Samples have the law, across blocks too", arguments: [true, false])
    func samples(isDense: Bool) {
        var random = RandomSource(seed: 3)
        let small = law(randomProbabilities(20, &random), isDense: isDense)
        check(array(small)) { small.sample(using: &random) }
        // A few tokens with most of the mass, far apart.
        var wide = [Float](repeating: 0.1 / 5000, count: 5000)
        for token in [0, 1023, 1024, 2500, 4999] { wide[token] += 0.18 }
        let large = law(wide, isDense: isDense)
        check(array(large)) { large.sample(using: &random) }
    }

    @Test("The race has the law, and ruling tokens out never changes its winner")
    func race() {
        var random = RandomSource(seed: 5)
        for isDense in [true, false] {
            let small = law(randomProbabilities(20, &random), isDense: isDense)
            var position = 0
            check(array(small)) {
                position += 1
                return GumbelNoise(seed: 11, position: position).winner(of: small)
            }
            var seed: UInt64 = 0
            check(array(small)) {
                seed += 1
                return GumbelNoise(seed: seed, position: 2).winner(of: small)
            }
        }
        for position in 0..<3000 {
            let count = [5, 64, 1000][position % 3]
            let probabilities = randomProbabilities(count, &random)
            let dense = law(probabilities, isDense: true)
            let noise = GumbelNoise(seed: 3, position: position)
            let arrivals = (0..<count).map {
                probabilities[$0] > 0
                    ? noise.exponential(TokenID($0)) / Double(probabilities[$0]) : .infinity
            }
            let first = arrivals.indices.min { arrivals[$0] < arrivals[$1] }
            #expect(noise.winner(of: dense) == first.map { TokenID($0) })
        }
    }

    @Test("Noise of neighbouring tokens, positions and seeds is independent")
    func noiseIsIndependent() {
        // Two uniform laws over 6 tokens: the joint law of two winners is uniform over 36.
        let uniform = law([Float](repeating: 1 / 6, count: 6), isDense: true)
        let joint = [Double](repeating: 1.0 / 36, count: 36)
        for (seedStep, positionStep) in [(0, 1), (1, 0), (0, 2), (1, -1), (0, 64)]
            as [(UInt64, Int)]
        {
            var turn = 0
            check(joint) {
                turn += 1
                let seed = UInt64(turn / 300 * 7)
                let position = turn % 300 * 130
                let a = GumbelNoise(seed: seed, position: position).winner(of: uniform)
                let b = GumbelNoise(
                    seed: seed &+ seedStep, position: position + positionStep
                ).winner(of: uniform)
                return a * 6 + b
            }
        }
        // The mean of exponential variates over a vocabulary of real size, per position.
        for position in 0..<5 {
            let noise = GumbelNoise(seed: 1, position: position)
            let count = 150_000
            let sum = (0..<count).reduce(0.0) { $0 + noise.exponential(TokenID($1)) }
            // Five standard errors.
            #expect(abs(sum / Double(count) - 1) < 5 / Double(count).squareRoot())
        }
    }

    @Test("SplitMix64 gives its published numbers, and uniform numbers are below 1")
    func randomSource() {
        var source = RandomSource(seed: 1_234_567)
        #expect(source.next() == 6_457_827_717_110_365_317)
        #expect(source.next() == 3_203_168_211_198_807_973)
        #expect(source.next() == 9_817_491_932_198_370_423)
        var sum = 0.0
        for _ in 0..<10_000 {
            let number = source.uniform()
            #expect(number >= 0 && number < 1)
            sum += number
        }
        #expect(abs(sum / 10_000 - 0.5) < 0.015)
    }

    /// Chi-square of 20,000 draws against a law; probability 1e-4 under the right one.
    private func check(_ law: [Double], _ draw: () -> TokenID) {
        var counts: [[TokenID]: Int] = [:]
        for _ in 0..<20_000 { counts[[draw()], default: 0] += 1 }
        var expected: [[TokenID]: Double] = [:]
        for (token, probability) in law.enumerated() where probability > 0 {
            expected[[TokenID(token)]] = probability
        }
        let result = ChiSquare(counts, StringLaw(expected))
        #expect(result.isConsistent, "\(result)")
    }
}
