import PyramidDecoding
import PyramidEngine
import PyramidTestSupport
import Testing

@Suite struct GeneratorTests {
    private static let toy: ToyPyramid = {
        var toy = ToyPyramid(levelCount: 3, vocabularySize: 7, seed: 11)
        toy.sequenceCapacity = 3
        return toy
    }()

    private func options(_ seed: UInt64, tokens: Int = 40) -> DecodingOptions {
        var sampling = Sampling()
        sampling.temperature = 1
        sampling.seed = seed
        return DecodingOptions(
            lookaheads: [2, 4], mode: .coupled, sampling: sampling, maximumTokens: tokens)
    }

    /// Everything that the given requests emit, run together.
    private func run(
        _ requests: [GenerationRequest], prefillRows: Int = 512
    ) throws -> [(text: String, result: GenerationResult)] {
        let generator = Generator(
            pyramid: try Self.toy.make(Self.toy.makeModels()), tokenizer: LetterTokenizer(),
            prefillRows: prefillRows)
        var texts: [SequenceID: String] = [:]
        var results: [SequenceID: GenerationResult] = [:]
        let ids = try requests.map { try generator.start($0) }
        while !generator.isIdle {
            try generator.step { id, event in
                switch event {
                case .token: break
                case .text(let piece): texts[id, default: ""] += piece.text
                case .finished(let result): results[id] = result
                }
            }
        }
        return try ids.map { (texts[$0] ?? "", try #require(results[$0])) }
    }

    @Test("A result says how far its tokens were from the target's law, within the budget")
    func meanTotalVariation() throws {
        var request = GenerationRequest(prompt: [1, 2], options: options(3), stopsAtEnd: false)
        for (limit, isLossy) in [(0, false), (0.05, true), (0.3, true)] {
            request.options.mode = .budget(Budget(limit: limit))
            let result = try run([request])[0].result
            let mean = try #require(result.meanTotalVariation)
            let sum = result.tokens.map(\.totalVariation).reduce(0, +)
            #expect(abs(mean * 40 - sum) < 1e-9)
            #expect(mean <= limit + 1e-9)
            #expect((mean > 0) == isLossy)
        }
        request.options.mode = .coupled
        #expect(try run([request])[0].result.meanTotalVariation == 0)
    }

    @Test("Text, tokens and counters agree, alone or together, whatever the size of prefill steps")
    func together() throws {
        let requests = (0..<3).map {
            GenerationRequest(
                prompt: Array(repeating: TokenID($0), count: 3 + 7 * $0),
                options: options(UInt64($0)), stopsAtEnd: false)
        }
        let joint = try run(requests, prefillRows: 2)
        for (request, (text, result)) in zip(requests, joint) {
            let solo = try run([request])[0]
            #expect(text == solo.text)
            #expect(result.tokens.count == 40)
            #expect(result.reason == .length)
            #expect(text == result.tokens.map { LetterTokenizer.letter($0.token) }.joined())
            #expect(result.levels.reduce(0) { $0 + $1.written } == 40)
            #expect(result.promptTokens == request.prompt.count)
        }
    }

    @Test("A long prompt keeps no short one waiting, nor short ones a long one")
    func turns() throws {
        var toy = Self.toy
        toy.contextSize = 512
        let generator = Generator(
            pyramid: try toy.make(toy.makeModels()), tokenizer: LetterTokenizer(),
            prefillRows: 8, sharedPrefillRows: 4)
        func start(_ count: Int, _ tokens: Int) throws -> SequenceID {
            try generator.start(
                GenerationRequest(
                    prompt: Array(repeating: 1, count: count), options: options(1, tokens: tokens),
                    stopsAtEnd: false))
        }
        var firstSteps: [SequenceID: Int] = [:]
        var step = 0
        func advance() throws {
            step += 1
            try generator.step { id, event in
                if case .token = event, firstSteps[id] == nil { firstSteps[id] = step }
            }
        }
        _ = try start(1, 400)
        try advance()
        let long = try start(200, 4)
        // The long one would take 50 steps by itself; a short one takes 2 of every second step.
        for _ in 0..<8 {
            let began = step
            let short = try start(8, 1)
            firstSteps[short] = nil
            while firstSteps[short] == nil { try advance() }
            #expect(step - began <= 4)
        }
        while firstSteps[long] == nil, step < 200 { try advance() }
        #expect(try #require(firstSteps[long]) <= 2 + 100)
    }

    @Test("An end token ends the text and is not part of it")
    func endToken() throws {
        let free = try run([
            GenerationRequest(prompt: [1], options: options(3), stopsAtEnd: false)
        ])[0]
        let ended = try run([GenerationRequest(prompt: [1], options: options(3))])[0]
        let end = LetterTokenizer.letter(LetterTokenizer.end)
        let expected = String(free.text.prefix { String($0) != end })
        #expect(expected.count < free.text.count, "the seed must bring up the end token")
        #expect(ended.text == expected)
        #expect(ended.result.reason == .end)
        #expect(ended.result.tokens.last?.token == LetterTokenizer.end)
    }

    @Test("A stop string ends the text before it, and the pyramid goes on with other requests")
    func stopString() throws {
        let free = try run([
            GenerationRequest(prompt: [1], options: options(5), stopsAtEnd: false)
        ])[0].text
        let stop = String(free.dropFirst(9).prefix(3))
        let expected = try #require(free.ranges(of: stop).first).lowerBound
        let requests = [
            GenerationRequest(
                prompt: [1], options: options(5), stopStrings: ["nowhere", stop], stopsAtEnd: false),
            GenerationRequest(prompt: [2], options: options(6), stopsAtEnd: false),
        ]
        let results = try run(requests)
        #expect(results[0].text == String(free[..<expected]))
        #expect(results[0].result.reason == .stop)
        let written = results[0].result.levels.reduce(0) { $0 + $1.written }
        #expect(written == results[0].result.tokens.count)
        #expect(results[1].result.tokens.count == 40)
    }

    @Test("A cancelled generation frees its place, and the others do not notice")
    func cancel() throws {
        let generator = Generator(
            pyramid: try Self.toy.make(Self.toy.makeModels()), tokenizer: LetterTokenizer())
        let kept = GenerationRequest(prompt: [2], options: options(6), stopsAtEnd: false)
        let keptID = try generator.start(kept)
        var text = ""
        for turn in 0..<200 where !generator.isIdle {
            var other = kept
            other.options.sampling.seed = UInt64(turn)
            let id = turn.isMultiple(of: 2) ? try generator.start(other) : nil
            try generator.step { id, event in
                if id == keptID, case .text(let piece) = event { text += piece.text }
            }
            if let id {
                var reasons: [FinishReason] = []
                for _ in 0..<2 {
                    generator.cancel(id) { _, event in
                        if case .finished(let result) = event { reasons.append(result.reason) }
                    }
                }
                #expect(reasons == [.cancelled])
            }
        }
        #expect(text == (try run([kept])[0].text))
    }
}

/// Tokens are letters; token 6 ends a text.
private final class LetterTokenizer: Tokenizer {
    static let end: TokenID = 6

    static func letter(_ token: TokenID) -> String {
        String(UnicodeScalar(UInt8(97 + token)))
    }

    var endTokens: Set<TokenID> { [Self.end] }

    func tokens(of text: String, addSpecial: Bool, parseSpecial: Bool) -> [TokenID] {
        text.utf8.map { TokenID($0) - 97 }
    }

    func bytes(of token: TokenID) -> [UInt8] {
        [UInt8(97 + token)]
    }
}
