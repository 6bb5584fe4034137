import BackendTestSupport
import ChatTemplates
import LlamaBackend
import PyramidBackends
import PyramidDecoding
import PyramidEngine
import PyramidTestSupport
import Testing

/// Pyramids of real models, the same on each backend.
@Suite(.needsModel, .serialized)
struct RealPyramidTests {
    private static let prompts = [
        "Write a function that adds two numbers.", "What is the capital of France?",
        "List the planets from the sun outwards.", "Explain rain to a child.",
        "Translate to Spanish: The cat sleeps on the chair.", "Count from one to twenty.",
        "Write a limerick about a programmer.", "What is 17 times 23? Show each step.",
        "Give three reasons to drink water.", "Write JSON for a person with name and age.",
        "Repeat after me: one, two, three, four, one, two, three, four.",
        "Describe the colour blue without naming it.", "Who wrote Hamlet, and when?",
        "Write HTML for a table with two rows.", "How do I boil an egg?",
        "Summarise: Bees make honey. Bees live in hives. Bees dance.",
        "What comes after Monday, Tuesday, Wednesday?", "Write a haiku about winter.",
        "Name five animals that can swim.", "Why is the sky dark at night?",
    ]

    /// ngram -> Q4_0 copy -> original.
    private func load(
        _ backend: BackendChoice, sequences: Int, draft: String = "Q4_0"
    ) throws -> ModelPyramid {
        var options = Backend.llama.options(sequences: sequences, context: 256)
        options.backend = backend
        return try ModelPyramid(
            levels: [
                .ngram, .file(path: try RealModel.requantized(to: draft)),
                .file(path: try RealModel.path),
            ], options: options)
    }

    private func requests(
        _ loaded: ModelPyramid, _ options: DecodingOptions
    ) throws -> [GenerationRequest] {
        let template = try ChatTemplate(vocabulary: loaded.vocabulary)
        return try Self.prompts.enumerated().map { index, prompt in
            var options = options
            options.sampling.seed = UInt64(index)
            let text = try template.prompt(for: [ChatMessage(role: "user", content: prompt)])
            return GenerationRequest(
                prompt: try loaded.tokenizer.tokens(
                    of: text, addSpecial: true, parseSpecial: true),
                options: options)
        }
    }

    /// Runs all requests, as many at a time as there is room, and returns their tokens.
    private func run(
        _ loaded: ModelPyramid, _ requests: [GenerationRequest]
    ) throws -> [[TokenID]] {
        let generator = Generator(pyramid: loaded.pyramid, tokenizer: loaded.tokenizer)
        var results: [[TokenID]] = Array(repeating: [], count: requests.count)
        var indexes: [SequenceID: Int] = [:]
        var next = 0
        while next < requests.count || !generator.isIdle {
            while next < requests.count, indexes.count < loaded.pyramid.sequenceCapacity {
                indexes[try generator.start(requests[next])] = next
                next += 1
            }
            try generator.step { id, event in
                guard case .finished(let result) = event, let index = indexes[id] else { return }
                results[index] = result.tokens.map(\.token)
                indexes[id] = nil
            }
        }
        return results
    }

    @Test(
        "Three levels give the very tokens of plain decoding, alone and in a batch",
        arguments: TestedBackends.invariant, [DecodingMode.exact, .coupled])
    func identity(backend: Backend, mode: DecodingMode) throws {
        // The exact mode is greedy here; the coupled one draws, each prompt with its own seed.
        var sampling = Sampling()
        sampling.temperature = mode == .coupled ? 0.8 : 0
        var options = DecodingOptions(
            lookaheads: [0, 0], mode: mode, sampling: sampling, maximumTokens: 128)
        let solo = try load(backend.choice, sequences: 1)
        let plain = try run(solo, try requests(solo, options))
        #expect(plain.allSatisfy { !$0.isEmpty })

        options.lookaheads = [6, 5]
        let batch = try load(backend.choice, sequences: 5)
        let pyramid = try run(batch, try requests(batch, options))
        for (index, tokens) in pyramid.enumerated() {
            #expect(tokens == plain[index], "\(Self.prompts[index])")
        }
        let levels = batch.pyramid.statistics
        #expect(levels[0].accepted > 0 && levels[1].accepted > 0, "speculation took place")
        #expect(levels[1].corrected > 0, "some proposals were refused")
    }

    @Test(
        "A draft that only llama.cpp can run serves a target on the backend that suits it",
        .enabled(if: !TestedBackends.invariant.isEmpty))
    func mixed() throws {
        // libllama makes IQ4_NL of it, since the rows are no multiples of 256.
        let loaded = try load(.auto, sequences: 3, draft: "Q2_K")
        let expected = TestedBackends.all.contains(.native) ? Backend.native : .llama
        #expect(loaded.backends.map { $0?.backend } == [nil, .llama, expected])
        var sampling = Sampling()
        sampling.temperature = 0
        var options = DecodingOptions(
            lookaheads: [0, 0], sampling: sampling, maximumTokens: 32)
        let plain = try run(loaded, Array(try requests(loaded, options).prefix(6)))
        options.lookaheads = [6, 5]
        let pyramid = try run(loaded, Array(try requests(loaded, options).prefix(6)))
        #expect(pyramid == plain)
        #expect(loaded.pyramid.statistics[1].accepted > 0)
    }

    @Test(
        "The first two tokens of sampled text have the target's law", arguments: TestedBackends.all)
    func law(backend: Backend) throws {
        let sequences = 16
        let loaded = try load(backend.choice, sequences: sequences)
        var sampling = Sampling()
        sampling.temperature = 1
        sampling.topK = 4
        let prompt = try loaded.tokenizer.tokens(
            of: "My favourite colour is", addSpecial: true, parseSpecial: false)
        let law = try Self.twoTokenLaw(try backend.level(), prompt, sampling)
        var counts: [[TokenID]: Int] = [:]
        // Four tokens, so that the second one is a tested proposal more often than a bonus.
        var options = DecodingOptions(
            lookaheads: [2, 3], mode: .exact, sampling: sampling, maximumTokens: 4)
        for start in stride(from: 0, to: 800, by: sequences) {
            var ids: [SequenceID] = []
            for seed in start..<(start + sequences) {
                options.sampling.seed = UInt64(seed)
                ids.append(try loaded.pyramid.start(prompt: prompt, options: options))
            }
            var running = ids
            while !running.isEmpty {
                let ended = try loaded.pyramid.round(running).filter { $0.end != nil }
                running.removeAll { id in ended.contains { $0.sequence == id } }
            }
            for id in ids {
                let tokens = loaded.pyramid.tokens(of: id).dropFirst(prompt.count)
                counts[Array(tokens.prefix(2)), default: 0] += 1
                loaded.pyramid.finish(id)
            }
        }
        let test = ChiSquare(counts, law)
        print("first two tokens, SmolLM2 on \(backend.rawValue), three levels, exact: \(test)")
        #expect(test.isConsistent)
        #expect(loaded.pyramid.statistics[1].accepted > 0)
    }

    /// The law of the next two tokens, enumerated with one-row forwards.
    private static func twoTokenLaw(
        _ level: ModelLevel, _ prompt: [TokenID], _ sampling: Sampling
    ) throws -> StringLaw {
        func law(after history: [TokenID]) throws -> [TokenID: Double] {
            try level.rewind(0, to: 0)
            try level.forward([
                ForwardRequest(sequence: 0, position: 0, tokens: history[...], wantedRows: 1)
            ])
            let logits = level.withLogits(request: 0, row: 0) { Array($0) }
            let law = ReferenceLaw.law(logits, sampling, history: history)
            return Dictionary(
                uniqueKeysWithValues: law.indices.filter { law[$0] > 0 }.map {
                    (TokenID($0), law[$0])
                })
        }
        var strings: [[TokenID]: Double] = [:]
        for (first, probability) in try law(after: prompt) {
            for (second, conditional) in try law(after: prompt + [first]) {
                strings[[first, second]] = probability * conditional
            }
        }
        return StringLaw(strings)
    }
}
