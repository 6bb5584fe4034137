import PyramidDecoding
import PyramidTestSupport
import Testing

/// A wrong setting and what its error must say.
private struct Wrong: Sendable {
    var words: [String]
    var change: @Sendable (inout DecodingOptions) -> Void

    init(_ words: String..., change: @escaping @Sendable (inout DecodingOptions) -> Void) {
        self.words = words
        self.change = change
    }
}

private let wrongSettings: [Wrong] = [
    Wrong("lookahead of level 0", "-1") { $0.lookaheads = [-1, 2] },
    Wrong("lookahead of level 1", "257", "256") { $0.lookaheads = [2, 257] },
    Wrong("1 lookaheads", "3 levels") { $0.lookaheads = [2] },
    Wrong("3 lookaheads", "2") { $0.lookaheads = [2, 2, 2] },
    Wrong("tokens to generate", "0") { $0.maximumTokens = 0 },
    Wrong("tokens to generate", "-5") { $0.maximumTokens = -5 },
    Wrong("temperature", "-0.5") { $0.sampling.temperature = -0.5 },
    Wrong("temperature", "nan") { $0.sampling.temperature = .nan },
    Wrong("temperature", "inf") { $0.sampling.temperature = .infinity },
    Wrong("top-k", "-1") { $0.sampling.topK = -1 },
    Wrong("top-p", "0.0") { $0.sampling.topP = 0 },
    Wrong("top-p", "1.5") { $0.sampling.topP = 1.5 },
    Wrong("top-p", "nan") { $0.sampling.topP = .nan },
    Wrong("min-p", "-0.1") { $0.sampling.minP = -0.1 },
    Wrong("min-p", "2.0") { $0.sampling.minP = 2 },
    Wrong("min-p", "nan") { $0.sampling.minP = .nan },
    Wrong("repeat penalty", "0.0") { $0.sampling.repeatPenalty = 0 },
    Wrong("repeat penalty", "nan") { $0.sampling.repeatPenalty = .nan },
    Wrong("repeat-last-n", "-2") { $0.sampling.repeatLastN = -2 },
    Wrong("frequency penalty", "inf") { $0.sampling.frequencyPenalty = .infinity },
    Wrong("presence penalty", "nan") { $0.sampling.presencePenalty = .nan },
    Wrong("logit bias token", "-3") { $0.sampling.logitBias = [-3: 1] },
    Wrong("logit bias of token 2", "nan") { $0.sampling.logitBias = [2: .nan] },
    Wrong("logit bias of token 2", "inf") { $0.sampling.logitBias = [2: .infinity] },
    Wrong("budget", "-0.1", "0 to 1") { $0.mode = .budget(Budget(limit: -0.1)) },
    Wrong("budget", "1.01", "0 to 1") { $0.mode = .budget(Budget(limit: 1.01)) },
    Wrong("budget", "nan", "0 to 1") { $0.mode = .budget(Budget(limit: .nan)) },
    Wrong("mode fsd", "2 levels", "3") { $0.mode = .fsd(FSD()) },
    Wrong("tau-t", "-0.1") { $0.mode = .psdA(PSDA(tauT: -0.1)) },
    Wrong("tau-t", "nan") { $0.mode = .psdA(PSDA(tauT: .nan)) },
    Wrong("tau-q", "-1.0") { $0.mode = .psdF(PSDF(tauQ: -1)) },
    Wrong("tau-q", "inf") { $0.mode = .psdF(PSDF(tauQ: .infinity)) },
    Wrong("tau-t", "nan") { $0.mode = .psdF(PSDF(tauT: .nan)) },
]

@Suite("Validation")
struct ValidationTests {
    private func pyramid() throws -> Pyramid<ToyModel> {
        var toy = ToyPyramid(levelCount: 3, vocabularySize: 6, seed: 1)
        toy.contextSize = 16
        toy.sequenceCapacity = 2
        return try toy.make(toy.makeModels())
    }

    private let options = DecodingOptions(lookaheads: [2, 4], maximumTokens: 10)

    @Test("A setting out of range is named with its value", arguments: wrongSettings.indices)
    func settings(index: Int) throws {
        let wrong = wrongSettings[index]
        var options = options
        wrong.change(&options)
        let error = try #require(throws: StartError.self) {
            try pyramid().start(prompt: [1], options: options)
        }
        guard case .configuration = error else {
            Issue.record("\(error)")
            return
        }
        for word in wrong.words { #expect(error.description.contains(word), "\(error)") }
    }

    @Test("Settings at the ends of their ranges are taken")
    func ends() throws {
        let pyramid = try pyramid()
        var options = options
        options.lookaheads = [0, 256]
        options.maximumTokens = .max
        options.sampling.topP = 1
        options.sampling.minP = 1
        options.sampling.repeatLastN = 0
        options.sampling.logitBias = [5: -.infinity]
        options.mode = .psdF(PSDF(tauQ: 0, tauT: 0))
        let id = try pyramid.start(prompt: [1], options: options)
        while pyramid.end(of: id) == nil { _ = try pyramid.round([id]) }
        #expect(pyramid.end(of: id) == .length)
        #expect(pyramid.tokens(of: id).count == 16)
    }

    @Test("A prompt must be there, fit, and be known")
    func prompts() throws {
        let pyramid = try pyramid()
        #expect(throws: StartError.emptyPrompt) {
            try pyramid.start(prompt: [], options: options)
        }
        let long = [TokenID](repeating: 1, count: 16)
        #expect(throws: StartError.promptTooLong(tokens: 16, contextSize: 16)) {
            try pyramid.start(prompt: long, options: options)
        }
        for unknown in [-1, 6, .max] as [TokenID] {
            #expect(throws: StartError.unknownToken(unknown, vocabularySize: 6)) {
                try pyramid.start(prompt: [1, unknown], options: options)
            }
        }
        _ = try pyramid.start(prompt: Array(long.dropLast()), options: options)
        _ = try pyramid.start(prompt: [1], options: options)
        #expect(throws: StartError.noFreeSequence(capacity: 2)) {
            try pyramid.start(prompt: [1], options: options)
        }
        for error in [
            StartError.emptyPrompt, .promptTooLong(tokens: 16, contextSize: 16),
            .unknownToken(6, vocabularySize: 6), .noFreeSequence(capacity: 2),
        ] {
            #expect(error.description.count > 20)
        }
    }

    @Test("A pyramid needs a model on top and a lookup nowhere but at the bottom")
    func levels() throws {
        let models = ToyPyramid(levelCount: 2, vocabularySize: 5, seed: 1).makeModels()
        let lookup = Level<ToyModel>.lookup(NGramLookup())
        for levels in [
            [], [lookup], [.model(models[0]), lookup], [lookup, lookup, .model(models[0])],
            [.model(models[0]), lookup, .model(models[1])],
        ] {
            #expect(throws: ConfigurationError.self) { try Pyramid(levels: levels) }
        }
        #expect(try Pyramid(levels: [lookup, .model(models[0])]).levels.count == 2)
    }

    @Test("Every mode is made for its number of levels")
    func modes() {
        let modes: [(DecodingMode, Int)] = [
            (.fsd(FSD()), 2), (.psdA(PSDA()), 3), (.psdF(PSDF()), 3),
        ]
        for (mode, needed) in modes {
            #expect(mode.isLossy)
            for count in 1...5 {
                if count == needed {
                    #expect(throws: Never.self) { try mode.rules(levelCount: count) }
                } else {
                    #expect(throws: ConfigurationError.self) {
                        try mode.rules(levelCount: count)
                    }
                }
            }
        }
        for count in 1...5 {
            for mode in [DecodingMode.exact, .coupled, .budget(Budget(limit: 1))] {
                #expect(throws: Never.self) { try mode.rules(levelCount: count) }
            }
        }
        #expect(!DecodingMode.exact.isLossy && !DecodingMode.coupled.isLossy)
        #expect(DecodingMode.budget(Budget()).isLossy)
        #expect(!DecodingMode.budget(Budget(limit: 0)).isLossy)
        #expect(DecodingMode.budget(Budget()).name == "budget")
        #expect(modes.map(\.0.name) == ["fsd", "psd-a", "psd-f"])
    }
}
