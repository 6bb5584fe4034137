import PyramidDecoding
import PyramidTestSupport
import Testing

@Suite("Prompts that begin with what the caches hold")
struct PrefixTests {
    private let toy: ToyPyramid
    private let models: [ToyModel]
    private let pyramid: Pyramid<ToyModel>
    private let options: DecodingOptions
    private let system: [TokenID] = (0..<20).map { $0 * 7 % 5 }

    init() throws {
        var toy = ToyPyramid(levelCount: 2, vocabularySize: 5, seed: 3, distance: 0.5)
        toy.sequenceCapacity = 3
        self.toy = toy
        models = toy.makeModels()
        pyramid = try toy.make(models)
        options = DecodingOptions(lookaheads: [3], maximumTokens: 12)
    }

    private func finishText(_ id: SequenceID, keepsCache: Bool = true) throws -> [TokenID] {
        while pyramid.end(of: id) == nil { _ = try pyramid.round([id]) }
        defer { pyramid.finish(id, keepsCache: keepsCache) }
        return Array(pyramid.tokens(of: id))
    }

    private var fed: Int { pyramid.statistics.reduce(0) { $0 + $1.rows + $1.prefillRows } }

    @Test("A sequence that continues a finished one takes over its place and feeds what is new")
    func continues() throws {
        let first = try pyramid.start(prompt: system, options: options)
        let text = try finishText(first)
        let prompt = text + [1, 2, 3]
        let expected = prompt + (try toy.plainText(after: prompt, options))
        let second = try pyramid.start(prompt: prompt, options: options)
        #expect(second == first)
        // The last token's keys and values were never needed.
        #expect(pyramid.reusedTokens(of: second) >= text.count - 4)
        #expect(try finishText(second) == expected)
        #expect(models.flatMap(\.violations) == [])
    }

    @Test("A beginning in common with a running sequence is copied", arguments: [true, false])
    func copies(canCopy: Bool) throws {
        for model in models { model.canCopy = canCopy }
        let first = try pyramid.start(prompt: system + [1, 1], options: options)
        _ = try pyramid.round([first])
        let before = fed
        let second = try pyramid.start(prompt: system + [2], options: options)
        #expect(pyramid.reusedTokens(of: second) == (canCopy ? 20 : 0))
        _ = try pyramid.prefill([second])
        #expect(fed - before == (canCopy ? 0 : 40))
        let texts = [system + [1, 1], system + [2]].map { prompt in
            prompt + ((try? toy.plainText(after: prompt, options)) ?? [])
        }
        #expect(try finishText(second) == texts[1])
        #expect(try finishText(first) == texts[0])
        #expect(models.flatMap(\.violations) == [])
    }

    @Test("The same prompt again is fed its last token only")
    func same() throws {
        for _ in 0..<3 {
            let id = try pyramid.start(prompt: system, options: options)
            let text = try finishText(id)
            #expect(text == system + (try toy.plainText(after: system, options)))
        }
        let id = try pyramid.start(prompt: system, options: options)
        #expect(pyramid.reusedTokens(of: id) == system.count - 1)
    }

    @Test("The oldest of what is kept goes first, and empty places before it")
    func eviction() throws {
        // Three texts with nothing in common.
        let prompts: [[TokenID]] = (0..<3).map { [$0, $0, $0, $0] }
        var places: [SequenceID] = []
        for prompt in prompts {
            let id = try pyramid.start(prompt: prompt, options: options)
            places.append(id)
            _ = try finishText(id)
        }
        #expect(Set(places).count == 3)
        let other = try pyramid.start(prompt: [4, 4], options: options)
        #expect(other == places[0])
        #expect(pyramid.reusedTokens(of: other) == 0)
        let youngest = try pyramid.start(prompt: prompts[2] + [1], options: options)
        #expect(youngest == places[2] || pyramid.reusedTokens(of: youngest) == 4)
    }

    @Test("A copy or a rewind that fails costs a prefill and no text", arguments: [true, false])
    func failure(failsCopy: Bool) throws {
        // Of a long text a short part is copied, else the place is taken over.
        let rest: [TokenID] = failsCopy ? Array(repeating: 1, count: 40) : [1]
        let first = try pyramid.start(prompt: system + rest, options: options)
        _ = try finishText(first)
        for model in models {
            if failsCopy {
                model.failingCopies = [model.copyCount + 1]
            } else {
                model.failingRewinds = [model.rewindCount + 1]
            }
        }
        let prompt = system + [2]
        let id = try pyramid.start(prompt: prompt, options: options)
        #expect(try finishText(id) == prompt + toy.plainText(after: prompt, options))
        #expect(models.allSatisfy { $0.copyCount == (failsCopy ? 1 : 0) })
        #expect(models.flatMap(\.violations) == [])
    }

    @Test("Nothing is kept unless it is asked for")
    func onDemand() throws {
        let first = try pyramid.start(prompt: system, options: options)
        _ = try finishText(first, keepsCache: false)
        let second = try pyramid.start(prompt: system, options: options)
        #expect(pyramid.reusedTokens(of: second) == 0)
        #expect(models.allSatisfy { $0.cache.tokens.allSatisfy(\.isEmpty) })
    }
}
