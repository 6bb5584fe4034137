import PyramidDecoding
import PyramidTestSupport
import Testing

/// A pyramid in which calls fail, and what its sequences must give all the same.
private struct Disturbed {
    let toy: ToyPyramid
    let models: [ToyModel]
    let pyramid: Pyramid<ToyModel>
    let prompts: [[TokenID]] = [[1, 2, 0, 3], [2]]
    private(set) var errors: [DecodingError<ToyFailure>] = []

    init(levelCount: Int) throws {
        var toy = ToyPyramid(
            levelCount: levelCount, vocabularySize: 6, seed: 5, distance: 0.5)
        toy.sequenceCapacity = 2
        self.toy = toy
        models = toy.makeModels()
        pyramid = try toy.make(models)
    }

    func options(_ mode: DecodingMode, seed: Int) -> DecodingOptions {
        var options = DecodingOptions(
            lookaheads: Array([2, 4, 5].prefix(toy.levelCount - 1)), mode: mode,
            maximumTokens: 24 + seed, endTokens: [5])
        options.sampling.temperature = mode == .coupled ? 1 : 0
        options.sampling.repeatPenalty = 1.2
        options.sampling.seed = UInt64(seed)
        return options
    }

    /// Runs two sequences to their ends; a round that fails is checked and tried again.
    mutating func run(_ mode: DecodingMode) throws {
        var ids: [SequenceID] = []
        for (index, prompt) in prompts.enumerated() {
            ids.append(try pyramid.start(prompt: prompt, options: options(mode, seed: index)))
        }
        while true {
            let able = ids.filter { pyramid.end(of: $0) == nil }
            if able.isEmpty { break }
            let before = ids.map { Array(pyramid.tokens(of: $0)) }
            do {
                _ = try pyramid.round(able)
            } catch {
                errors.append(error)
                #expect(ids.map { Array(pyramid.tokens(of: $0)) } == before)
                for (id, tokens) in zip(ids, before) { checkCaches(id, tokens) }
                for model in models { model.invalidForward = nil }
            }
            try #require(errors.count < 10)
        }
        for (index, id) in ids.enumerated() {
            let expected = try toy.plainText(after: prompts[index], options(mode, seed: index))
            #expect(Array(pyramid.tokens(of: id).dropFirst(prompts[index].count)) == expected)
            pyramid.finish(id)
        }
        for model in models { #expect(model.violations.prefix(3) == []) }
    }

    /// No cache is thought to hold anything but the sequence's own tokens.
    private func checkCaches(_ id: SequenceID, _ tokens: [TokenID]) {
        for (level, model) in models.enumerated() {
            let count = pyramid.cachedTokens(of: id, level: level)
            #expect(count <= tokens.count)
            #expect(model.cache.tokens[id].prefix(count).elementsEqual(tokens.prefix(count)))
        }
    }
}

@Suite("A level that fails")
struct FailureTests {
    @Test(
        "A forward that fails names its level and call, and a retry gives the undisturbed text",
        arguments: 1...60, [DecodingMode.exact, .coupled])
    func forwards(call: Int, mode: DecodingMode) throws {
        for levelCount in 1...4 {
            for level in 0..<levelCount {
                var disturbed = try Disturbed(levelCount: levelCount)
                disturbed.models[level].failingForwards = [call]
                try disturbed.run(mode)
                let failed = disturbed.models[level].forwardCount >= call
                let expected = ToyFailure(call: call, isRewind: false)
                #expect(disturbed.errors == (failed ? [.model(level: level, expected)] : []))
            }
        }
    }

    @Test(
        "A rewind that fails, once or often, changes no text",
        arguments: 1...60, [DecodingMode.exact, .coupled])
    func rewinds(call: Int, mode: DecodingMode) throws {
        for length in [1, 4] {
            for level in 0..<3 {
                var disturbed = try Disturbed(levelCount: 3)
                disturbed.models[level].failingRewinds = Set(call..<(call + length))
                try disturbed.run(mode)
                for error in disturbed.errors {
                    guard case .model(level, let failure) = error else {
                        Issue.record("\(error)")
                        continue
                    }
                    #expect(failure.isRewind)
                }
            }
        }
    }

    @Test("A slot is clean for its next sequence though its last rewind failed", arguments: 0...2)
    func slotAfterFailedRewind(level: Int) throws {
        var disturbed = try Disturbed(levelCount: 3)
        let id = try disturbed.pyramid.start(
            prompt: [3, 3, 1], options: disturbed.options(.exact, seed: 0))
        _ = try disturbed.pyramid.round([id])
        disturbed.models[level].failingRewinds = [disturbed.models[level].rewindCount + 1]
        disturbed.pyramid.finish(id)
        try disturbed.run(.exact)
        #expect(disturbed.errors == [])
    }

    @Test(
        "Logits with a NaN are an error that names the level",
        arguments: 0...2, [DecodingMode.exact, .coupled, .psdF(PSDF())])
    func invalidLogits(level: Int, mode: DecodingMode) throws {
        for named in NamedSampling.all {
            for temperature in [0, 1] as [Float] {
                let disturbed = try Disturbed(levelCount: 3)
                disturbed.models[level].invalidForward = 3
                var options = disturbed.options(mode, seed: 1)
                options.sampling = named.sampling
                options.maximumTokens = 200
                options.endTokens = []
                options.sampling.temperature = temperature
                let id = try disturbed.pyramid.start(prompt: [1, 2], options: options)
                let error = #expect(throws: DecodingError<ToyFailure>.self) {
                    for _ in 0..<20 { _ = try disturbed.pyramid.round([id]) }
                }
                #expect(error == .invalidLogits(level: level, sequence: id))
                disturbed.models[level].invalidForward = nil
                _ = try disturbed.pyramid.round([id])
            }
        }
        var disturbed = try Disturbed(levelCount: 3)
        disturbed.models[level].invalidForward = 2
        try disturbed.run(.coupled)
        let expected = DecodingError<ToyFailure>.invalidLogits(level: level)
        #expect(disturbed.errors.map(\.description) == [expected.description])
    }

    @Test("A prefill that fails can be done again")
    func prefill() throws {
        for level in 0..<2 {
            for call in 1...6 {
                let disturbed = try Disturbed(levelCount: 2)
                disturbed.models[level].failingForwards = [call]
                let prompt = (0..<20).map { TokenID($0 % 5) }
                let options = disturbed.options(.exact, seed: 0)
                let id = try disturbed.pyramid.start(prompt: prompt, options: options)
                var errors = 0
                var isDone = false
                while !isDone {
                    do {
                        isDone = try disturbed.pyramid.prefill([id], rows: 4).isEmpty
                    } catch {
                        #expect(
                            error == .model(level: level, ToyFailure(call: call, isRewind: false)))
                        errors += 1
                    }
                }
                #expect(errors == (call <= 5 ? 1 : 0))
                while disturbed.pyramid.end(of: id) == nil {
                    if (try? disturbed.pyramid.round([id])) == nil { errors += 1 }
                }
                #expect(errors <= 1)
                #expect(
                    try Array(disturbed.pyramid.tokens(of: id).dropFirst(20))
                        == disturbed.toy.plainText(after: prompt, options))
                for model in disturbed.models { #expect(model.violations == []) }
            }
        }
    }

    @Test("Errors say what happened and where")
    func descriptions() {
        let failure = ToyFailure(call: 3, isRewind: false)
        #expect(DecodingError.model(level: 2, failure).description == "level 2: forward 3 failed")
        let invalid = DecodingError<ToyFailure>.invalidLogits(level: 1)
        #expect(invalid.description.hasPrefix("level 1 computed logits"))
    }
}
