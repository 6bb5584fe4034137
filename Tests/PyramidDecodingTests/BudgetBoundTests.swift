import PyramidDecoding
import PyramidTestSupport
import Testing

@Suite("The bound of a budget")
struct BudgetBoundTests {
    /// A batch whose lookaheads change, whose texts are cut, and whose forwards fail.
    private struct Disturbed {
        let pyramid: Pyramid<ToyModel>
        let models: [ToyModel]
        let ids: [SequenceID]
        let limits: [Double] = [0.01, 0.07, 0.3, 0.9]
        var texts: [[EmittedToken]] = [[], [], [], []]
        var failures = 0
        var random: RandomSource

        init(seed: UInt64, levelCount: Int, temperature: Float) throws {
            random = RandomSource(seed: seed)
            var toy = ToyPyramid(
                levelCount: levelCount, vocabularySize: 6, seed: seed, distance: 0.8)
            toy.sequenceCapacity = 4
            models = toy.makeModels()
            let pyramid = try toy.make(models)
            self.pyramid = pyramid
            ids = try limits.map { limit in
                var options = DecodingOptions(
                    lookaheads: Array(repeating: 3, count: levelCount - 1),
                    mode: .budget(Budget(limit: limit)), maximumTokens: 200)
                options.sampling.temperature = temperature
                options.sampling.seed = seed
                return try pyramid.start(prompt: [1, 2, 3], options: options)
            }
        }

        mutating func step() throws {
            let index = Int.random(in: 0..<4, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0:
                let lookaheads = models.dropLast().map { _ in Int.random(in: 0...6, using: &random)
                }
                pyramid.setLookaheads(lookaheads, of: ids[index])
            case 1:
                let count = Int.random(in: 0...texts[index].count, using: &random)
                texts[index].removeSubrange(count...)
                try pyramid.truncate(ids[index], to: 3 + count)
            case 2:
                if let model = models.randomElement(using: &random) {
                    model.failingForwards = [model.forwardCount + 1]
                }
            default: round()
            }
        }

        private mutating func round() {
            let able = ids.filter { pyramid.end(of: $0) == nil }
            guard !able.isEmpty else { return }
            do {
                for emission in try pyramid.round(able) {
                    texts[emission.sequence] += emission.tokens
                }
            } catch {
                failures += 1
            }
        }

        func check() {
            for (text, limit) in zip(texts, limits) {
                var spent = 0.0
                for (index, token) in text.enumerated() {
                    spent += token.totalVariation
                    #expect(spent <= limit * Double(index + 1) + 1e-9)
                }
            }
        }
    }

    @Test(
        "No text ever spends more than its limit per token, whatever happens to it",
        arguments: 0..<8 as Range<UInt64>, [2, 3, 4])
    func bound(seed: UInt64, levelCount: Int) throws {
        for temperature in [0, 1] as [Float] {
            var disturbed = try Disturbed(
                seed: seed, levelCount: levelCount, temperature: temperature)
            for _ in 0..<400 {
                try disturbed.step()
                disturbed.check()
            }
            #expect(disturbed.failures > 5)
            #expect(disturbed.texts.joined().contains { $0.totalVariation > 0 })
        }
    }

    @Test("Cut tokens give back what they spent", arguments: BudgetSetting.all)
    func cut(setting: BudgetSetting) throws {
        // Greedy text has no chance that could differ after the cut.
        let pyramid = try setting.toy.make(setting.toy.makeModels())
        let options = setting.options(.budget(Budget(limit: 0.3)), temperature: 0)
        let id = try pyramid.start(prompt: [1, 2], options: options)
        let first = try pyramid.round([id])[0].tokens
        let rest = try pyramid.text(of: id)
        try pyramid.truncate(id, to: 2 + first.count)
        #expect(try pyramid.text(of: id) == rest)
        try pyramid.truncate(id, to: 2)
        #expect(try pyramid.text(of: id) == first + rest)
    }

    @Test("A round that fails spends nothing", arguments: BudgetSetting.all)
    func failure(setting: BudgetSetting) throws {
        for temperature in [0, 1] as [Float] {
            let mode = DecodingMode.budget(Budget(limit: 0.2))
            let undisturbed = try setting.text(mode, temperature: temperature).tokens
            let models = setting.toy.makeModels()
            let pyramid = try setting.toy.make(models)
            let options = setting.options(mode, temperature: temperature)
            let id = try pyramid.start(prompt: [1, 2], options: options)
            models[models.count - 1].failingForwards = [2, 5]
            models[0].failingForwards = [4, 9]
            var tokens: [EmittedToken] = []
            var failures = 0
            while pyramid.end(of: id) == nil, failures < 10 {
                do {
                    tokens += try pyramid.round([id])[0].tokens
                } catch {
                    failures += 1
                }
            }
            #expect(failures == 4)
            #expect(tokens == undisturbed)
        }
    }
}
