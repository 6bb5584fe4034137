import PyramidDecoding
import PyramidTestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite("The target's own probabilities of emitted tokens")
struct TokenLogsTests {
    private static let modes: [DecodingMode] = [
        .exact, .coupled, .budget(Budget(limit: 0.1)), .psdA(PSDA(tauT: 0.1)),
        .psdF(PSDF(tauQ: 0.1, tauT: 0.1)),
    ]

    private func options(_ mode: DecodingMode, temperature: Float, top: Int?) -> DecodingOptions {
        var options = DecodingOptions(
            lookaheads: [2, 4], mode: mode, maximumTokens: 60, topLogs: top)
        options.sampling.temperature = temperature
        options.sampling.topK = 4
        options.sampling.presencePenalty = 0.5
        options.sampling.logitBias = [3: -.infinity, 1: 0.7]
        options.sampling.seed = 5
        return options
    }

    /// The logarithms by the definition, in double precision.
    private func reference(_ logits: [Float]) -> [Double] {
        let total = logits.reduce(0.0) { $0 + exp(Double($1)) }
        return logits.map { Double($0) - log(total) }
    }

    private func run(_ toy: ToyPyramid, _ options: DecodingOptions) throws -> [EmittedToken] {
        let pyramid = try toy.make(toy.makeModels())
        let id = try pyramid.start(prompt: [1, 0, 2], options: options)
        var tokens: [EmittedToken] = []
        while pyramid.end(of: id) == nil { tokens += try pyramid.round([id])[0].tokens }
        return tokens
    }

    @Test(
        "They are those of the target's logits alone, whoever wrote the token",
        arguments: modes, [0, 0.8] as [Float])
    func areTheTargets(mode: DecodingMode, temperature: Float) throws {
        let toy = ToyPyramid(levelCount: 3, vocabularySize: 9, seed: 4, distance: 0.6)
        let tokens = try run(toy, options(mode, temperature: temperature, top: 3))
        var history: [TokenID] = [1, 0, 2]
        for token in tokens {
            let logs = try #require(token.logs)
            let expected = reference(toy.logits[2].row(after: history[...]))
            #expect(abs(Double(logs.own) - expected[Int(token.token)]) < 1e-5)
            let best = expected.indices.sorted { expected[$0] > expected[$1] }.prefix(3)
            #expect(logs.top.map(\.token) == best.map { TokenID($0) })
            for (entry, index) in zip(logs.top, best) {
                #expect(abs(Double(entry.log) - expected[index]) < 1e-5)
            }
            history.append(token.token)
        }
        // Not vacuous: levels below the target wrote some.
        #expect(tokens.contains { $0.author.level < 2 })
        #expect(tokens.contains { $0.author.level == 2 })
    }

    @Test("They are to the bit those of plain decoding", arguments: [0, 0.8] as [Float])
    func equalPlain(temperature: Float) throws {
        let toy = ToyPyramid(levelCount: 3, vocabularySize: 9, seed: 4, distance: 0.6)
        var options = options(.coupled, temperature: temperature, top: 2)
        let drafted = try run(toy, options)
        options.lookaheads = []
        let plain = try run(toy.targetAlone, options)
        #expect(drafted.map(\.token) == plain.map(\.token))
        #expect(drafted.map(\.logs) == plain.map(\.logs))
    }

    @Test("Nobody asks: there are none; with 0 there is the token's own")
    func onDemand() throws {
        let toy = ToyPyramid(levelCount: 3, vocabularySize: 9, seed: 4, distance: 0.6)
        let silent = try run(toy, options(.exact, temperature: 0.8, top: nil))
        #expect(silent.allSatisfy { $0.logs == nil })
        let own = try run(toy, options(.exact, temperature: 0.8, top: 0))
        #expect(own.allSatisfy { $0.logs?.top.isEmpty == true })
        // Asking changes nothing else.
        #expect(own.map(\.token) == silent.map(\.token))
    }

    @Test("A token that the target rules out has the logarithm -infinity")
    func ruledOut() {
        let logits: [Float] = [0, -.infinity, 1]
        let logs = logits.withUnsafeBufferPointer { TokenLogs(of: 1, top: 5, under: $0) }
        #expect(logs.own == -.infinity)
        #expect(logs.top.map(\.token) == [2, 0])
    }

    @Test("A negative number of logarithms is refused")
    func negative() {
        let options = options(.exact, temperature: 0, top: -1)
        #expect(throws: ConfigurationError.self) { try options.validate(levelCount: 3) }
    }
}
