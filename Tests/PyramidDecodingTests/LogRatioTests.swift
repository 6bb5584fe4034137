import PyramidDecoding
import PyramidTestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite("The log-ratio of a token's real law to the target's")
struct LogRatioTests {
    private static let lossy: [DecodingMode] = [
        .budget(Budget(limit: 0.05)), .budget(Budget(limit: 1)),
        .fsd(FSD(tauT: 0.05)), .fsd(FSD(tauT: 0.15, divergence: .absProb)),
        .psdA(PSDA(tauT: 0.05)), .psdF(PSDF(tauQ: 0.1, tauT: 0.05, divergence: .absLogit)),
    ]

    private func ratios(_ mode: DecodingMode) throws -> [Double] {
        let levelCount = if case .fsd = mode { 2 } else { 3 }
        let toy = ToyPyramid(levelCount: levelCount, vocabularySize: 6, seed: 8, distance: 0.7)
        let pyramid = try toy.make(toy.makeModels())
        var options = DecodingOptions(
            lookaheads: Array([2, 4].prefix(levelCount - 1)), mode: mode,
            sampling: NamedSampling.all[0].sampling, maximumTokens: 40)
        var ratios: [Double] = []
        for seed in 0..<400 as Range<UInt64> {
            options.sampling.seed = seed
            let id = try pyramid.start(prompt: [1, 0, 2], options: options)
            while pyramid.end(of: id) == nil {
                ratios += try pyramid.round([id])[0].tokens.map(\.logRatio)
            }
            pyramid.finish(id)
        }
        return ratios
    }

    /// With x from r', p(x) / r'(x) has the mean 1, whatever was drawn before: any other claim
    /// about r' shows. Threshold: 4 standard errors.
    @Test("The mean of p / r' is 1 in every lossy mode", arguments: lossy)
    func meanIsOne(mode: DecodingMode) throws {
        let ratios = try ratios(mode)
        let inverse = ratios.map { exp(-$0) }
        let count = Double(inverse.count)
        let mean = inverse.reduce(0, +) / count
        let variance = inverse.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        #expect(abs(mean - 1) < 4 * (variance / count).squareRoot(), "\(mean)")
        #expect(ratios.reduce(0, +) / count > 0.001)
        #expect(ratios.contains { $0 == 0 } && ratios.contains { $0 != 0 })
    }

    @Test("It is 0 in exact modes", arguments: [DecodingMode.exact, .coupled])
    func exactModes(mode: DecodingMode) throws {
        #expect(try ratios(mode).allSatisfy { $0 == 0 })
    }

    @Test("A greedy token that the target would not choose is infinitely unlikely")
    func greedy() throws {
        let toy = ToyPyramid(levelCount: 2, vocabularySize: 6, seed: 8, distance: 0.7)
        let pyramid = try toy.make(toy.makeModels())
        let options = DecodingOptions(
            lookaheads: [3], mode: .budget(Budget(limit: 0.2)), maximumTokens: 60)
        let id = try pyramid.start(prompt: [1, 0, 2], options: options)
        var tokens: [EmittedToken] = []
        while pyramid.end(of: id) == nil { tokens += try pyramid.round([id])[0].tokens }
        #expect(tokens.contains { $0.totalVariation == 1 })
        #expect(tokens.allSatisfy { ($0.totalVariation == 1) == ($0.logRatio == .infinity) })
    }
}
