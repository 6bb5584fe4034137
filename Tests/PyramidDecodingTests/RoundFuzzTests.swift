import PyramidDecoding
import PyramidTestSupport
import Testing

/// Does random things to a pyramid and compares every sequence with its solo run.
private struct Fuzz {
    /// A running sequence and the text that it must give.
    struct Running {
        var id: SequenceID
        var prompt: [TokenID]
        var options: DecodingOptions
        var expected: [TokenID]
        /// Exact decoding depends on its own draws, so its schedule is left alone.
        var isFree: Bool
    }

    let toy: ToyPyramid
    let models: [ToyModel]
    let pyramid: Pyramid<ToyModel>
    var random: RandomSource
    var running: [Running] = []
    var rounds = 0
    var finished = 0
    /// Texts that sequences had, which later ones may start with.
    var texts: [[TokenID]] = []
    var reused = 0

    init(seed: UInt64) throws {
        random = RandomSource(seed: seed)
        let hasLookup = Bool.random(using: &random)
        var toy = ToyPyramid(
            levelCount: Int.random(in: 1...4, using: &random), vocabularySize: 5, seed: seed,
            distance: 0.5, lookup: hasLookup ? NGramLookup(longestMatch: 3, shortestMatch: 1) : nil)
        toy.sequenceCapacity = 4
        toy.contextSize = 48
        self.toy = toy
        models = toy.makeModels()
        pyramid = try toy.make(models)
    }

    var lookaheadCount: Int { pyramid.levels.count - 1 }

    mutating func step() throws {
        switch Int.random(in: 0..<20, using: &random) {
        case 0...3: try start()
        case 4: try finish()
        case 5...6: setLookaheads()
        case 7: try truncate()
        case 8...9: try prefill()
        default: try round()
        }
    }

    private mutating func start() throws {
        let prompt = randomPrompt()
        var options = DecodingOptions(
            lookaheads: randomLookaheads(),
            maximumTokens: Int.random(in: 1...60, using: &random),
            endTokens: Bool.random(using: &random) ? [4] : [])
        options.sampling = NamedSampling.all.randomElement(using: &random)?.sampling ?? Sampling()
        options.sampling.seed = random.next()
        let isFree = Int.random(in: 0..<4, using: &random) > 0
        if isFree {
            options.mode = .coupled
            if Bool.random(using: &random) { options.sampling.temperature = 0 }
        }
        guard running.count < pyramid.sequenceCapacity else {
            #expect(throws: StartError.noFreeSequence(capacity: 4)) {
                try pyramid.start(prompt: prompt, options: options)
            }
            return
        }
        let expected =
            try isFree
            ? toy.plainText(after: prompt, options) : toy.text(after: prompt, options)
        let id = try pyramid.start(prompt: prompt, options: options)
        reused += pyramid.reusedTokens(of: id)
        #expect(pyramid.reusedTokens(of: id) < prompt.count)
        texts.append(prompt + expected)
        running.append(
            Running(
                id: id, prompt: prompt, options: options, expected: expected, isFree: isFree))
    }

    /// Half of the prompts begin with what an earlier sequence had.
    private mutating func randomPrompt() -> [TokenID] {
        var prompt: [TokenID] = []
        if Bool.random(using: &random), let text = texts.suffix(9).randomElement(using: &random) {
            prompt = Array(text.prefix(Int.random(in: 0...28, using: &random)))
        }
        for _ in 0..<Int.random(in: 1...(31 - prompt.count), using: &random) {
            prompt.append(TokenID.random(in: 0..<5, using: &random))
        }
        return prompt
    }

    private mutating func finish() throws {
        guard let index = running.indices.randomElement(using: &random) else { return }
        let keepsCache = Bool.random(using: &random)
        pyramid.finish(running.remove(at: index).id, keepsCache: keepsCache)
        finished += 1
    }

    private mutating func setLookaheads() {
        guard let sequence = running.randomElement(using: &random), sequence.isFree else { return }
        pyramid.setLookaheads(randomLookaheads(), of: sequence.id)
    }

    private mutating func truncate() throws {
        guard let sequence = running.randomElement(using: &random), sequence.isFree else { return }
        let least = sequence.prompt.count
        let count = Int.random(in: least...pyramid.tokens(of: sequence.id).count, using: &random)
        try pyramid.truncate(sequence.id, to: count)
        #expect(pyramid.tokens(of: sequence.id).count == count)
        check(sequence)
    }

    private mutating func prefill() throws {
        let ids = running.map(\.id)
        guard !ids.isEmpty else { return }
        _ = try pyramid.prefill(ids, rows: Int.random(in: 1...9, using: &random))
        running.forEach(check)
    }

    private mutating func round() throws {
        let able = running.filter { pyramid.end(of: $0.id) == nil }.shuffled(using: &random)
        let batch = able.prefix(Int.random(in: 0...4, using: &random))
        guard !batch.isEmpty else { return }
        let before = batch.map { pyramid.tokens(of: $0.id).count }
        let emissions = try pyramid.round(batch.map(\.id))
        rounds += 1
        #expect(emissions.map(\.sequence) == batch.map(\.id))
        for (index, sequence) in batch.enumerated() {
            let emitted = emissions[index].tokens.map(\.token)
            #expect(!emitted.isEmpty)
            #expect(Array(pyramid.tokens(of: sequence.id)[before[index]...]) == emitted)
            #expect(emissions[index].end == pyramid.end(of: sequence.id))
            check(sequence)
        }
    }

    private func check(_ sequence: Running) {
        let text = Array(pyramid.tokens(of: sequence.id).dropFirst(sequence.prompt.count))
        #expect(text == Array(sequence.expected.prefix(text.count)))
        #expect((pyramid.end(of: sequence.id) != nil) == (text == sequence.expected))
        let offset = pyramid.levels.count - models.count
        for (index, model) in models.enumerated() {
            let held = model.cache.tokens[sequence.id]
            #expect(held.count == pyramid.cachedTokens(of: sequence.id, level: index + offset))
            #expect(held.elementsEqual(pyramid.tokens(of: sequence.id).prefix(held.count)))
        }
    }

    private mutating func randomLookaheads() -> [Int] {
        (0..<lookaheadCount).map { _ in
            [0, 1, 2, 3, 5, 40].randomElement(using: &random) ?? 0
        }
    }
}

@Suite("Rounds under random use")
struct RoundFuzzTests {
    @Test(
        "Whatever happens around it, a sequence gives its solo text and no contract is broken",
        arguments: 0..<40 as Range<UInt64>)
    func fuzz(seed: UInt64) throws {
        var fuzz = try Fuzz(seed: seed)
        // Every fourth run with models that copy nothing.
        for model in fuzz.models { model.canCopy = seed % 4 > 0 }
        for _ in 0..<3000 { try fuzz.step() }
        for model in fuzz.models { #expect(model.violations.prefix(3) == []) }
        #expect(fuzz.rounds > 300)
        #expect(fuzz.finished > 20)
        #expect(fuzz.reused > 20)
        #expect(fuzz.models.allSatisfy { $0.copyCount > 5 })
    }
}
