import PyramidDecoding
import PyramidEngine
import PyramidEvaluation
import PyramidTestSupport
import Testing

@Suite struct BenchRunnerTests {
    /// A lookup, a draft, a qualifier and a target, whose rows alone have no padding.
    private static let toy = ToyPyramid(
        levelCount: 3, vocabularySize: 7, seed: 10, lookup: NGramLookup())
    private static let names = ["ngram", "draft", "qualifier", "target"]

    private let models = toy.makeModels()
    private let prompts = (0..<3).map { index in
        BenchPrompt(
            item: PromptItem(id: "p/\(index)", category: index < 2 ? "a" : "b", text: ""),
            rendered: "r\(index)", chat: false, tokens: [1, TokenID(index), 2, 3])
    }

    private func runner(
        _ specs: [String], foreign: [ForeignMethod] = [], repetitions: Int = 1,
        temperature: Float = 0
    ) throws -> BenchRunner<ToyModel> {
        let session = BenchSession(
            pyramid: try Self.toy.make(models), names: Self.names, tokenizer: SilentTokenizer())
        var settings = BenchSettings()
        settings.maximumTokens = 30
        settings.repetitions = repetitions
        settings.sampling.temperature = temperature
        settings.sampling.seed = 40
        return BenchRunner(
            session: session,
            methods: try specs.map { try BenchMethod(spec: $0, levels: session.levels) },
            foreign: foreign, settings: settings)
    }

    private func records(
        _ runner: BenchRunner<ToyModel>, skipping done: Set<BenchRecord.Key> = []
    ) throws -> [BenchRecord] {
        var records: [BenchRecord] = []
        try runner.run(prompts, skipping: done) { record, progress in
            records.append(record)
            #expect(progress.done == records.count)
        }
        return records
    }

    @Test func `Methods are interleaved, and their order turns from prompt to prompt`() throws {
        let specs = ["plain", "exact@draft:4", "exact@ngram:8"]
        let records = try records(runner(specs, repetitions: 2))
        let order = records.map { "\($0.promptId) \(specs.firstIndex(of: $0.method) ?? -1)" }
        #expect(
            order == [
                "p/0 0", "p/0 1", "p/0 2", "p/1 1", "p/1 2", "p/1 0", "p/2 2", "p/2 0", "p/2 1",
                "p/0 1", "p/0 2", "p/0 0", "p/1 2", "p/1 0", "p/1 1", "p/2 0", "p/2 1", "p/2 2",
            ])
        #expect(records.map(\.repetition) == (0..<18).map { $0 / 9 })
        #expect(records.map(\.seed) == (0..<18).map { 40 + UInt64($0 / 9) })
    }

    @Test func `Exact greedy texts are plain decoding's, also between lossy ones`() throws {
        let specs = [
            "plain", "exact@draft:4", "exact@ngram:4,draft:6,qualifier:8", "fsd(tau_t=2)",
            "coupled", "psd-a(tau_t=0.7)", "psd-f", "exact@ngram:3,qualifier:5", "budget(.3)",
        ]
        let records = try records(runner(specs, repetitions: 2))
        #expect(models.flatMap(\.violations) == [])
        let texts = Dictionary(grouping: records.filter { !$0.isLossy }, by: \.promptId)
        for (prompt, records) in texts {
            #expect(records.count == 10)
            #expect(Set(records.map(\.textHash)).count == 1, "\(prompt)")
        }
        #expect(
            records.filter(\.isLossy).contains { lossy in
                texts[lossy.promptId]?.first?.textHash != lossy.textHash
            }, "no lossy mode changed a text, so the comparison sees nothing")
    }

    @Test func `A record says what ran and what it did`() throws {
        let records = try records(runner(["psd-f(tau_q=.1)@draft:2,qualifier:3", "exact@ngram:5"]))
        let psd = try #require(records.first)
        #expect(psd.levels == ["draft", "qualifier", "target"])
        #expect(psd.levelStatistics.count == 3)
        #expect(psd.lookaheads == [2, 3])
        #expect(psd.mode == "psd-f" && psd.isLossy && psd.divergence == .js)
        #expect(psd.modeParameters == ["tau_q": 0.1, "tau_t": 0.5])
        #expect(psd.promptTokens == 4 && psd.generatedTokens == 30 && psd.maximumTokens == 30)
        #expect(psd.finishReason == "length")
        #expect(psd.levelStatistics.reduce(0) { $0 + $1.written } == 30)
        let exact = records[1]
        #expect(exact.levels == ["ngram", "target"])
        #expect(exact.levelStatistics.count == 2)
        #expect(exact.levelStatistics.reduce(0) { $0 + $1.written } == 30)
        #expect(exact.decodeSeconds > 0)
    }

    @Test func `What an earlier bench has done is left out`() throws {
        let first = try records(runner(["plain", "exact@draft:4"]))
        let rest = try records(
            runner(["plain", "exact@draft:4", "auto@draft"]), skipping: Set(first.map(\.key)))
        #expect(rest.map(\.method) == Array(repeating: "auto@draft", count: 3))
    }

    @Test func `An interrupted run is dropped, and the next one can begin`() throws {
        let runner = try runner(["plain", "exact@draft:4"])
        var rounds = 0
        var records: [BenchRecord] = []
        try runner.run(
            prompts,
            isInterrupted: {
                rounds += 1
                return rounds > 50
            }, receive: { record, _ in records.append(record) })
        #expect((1...5).contains(records.count))
        #expect(try self.records(runner).count == 6)
        #expect(models.flatMap(\.violations) == [])
    }

    @Test func `A failure is thrown, and the session can go on`() throws {
        let runner = try runner(["plain", "exact@draft:4"])
        models[2].failingForwards = [5]
        #expect(throws: PyramidDecoding.DecodingError<ToyFailure>.self) { try records(runner) }
        #expect(try records(runner).count == 6)
        #expect(models.flatMap(\.violations) == [])
    }

    @Test func `Levels that alone would know more tokens are refused`() throws {
        var padded = Self.toy
        padded.baseSeed = 11
        let session = BenchSession(
            pyramid: try padded.make(padded.makeModels()), names: Self.names,
            tokenizer: SilentTokenizer())
        let fsd = try BenchMethod(spec: "fsd", levels: session.levels)
        let runner = BenchRunner(session: session, methods: [fsd], settings: BenchSettings())
        #expect(throws: ConfigurationError.self) { try records(runner) }
    }

    @Test func `Another program's method takes its turns`() throws {
        var calls: [String] = []
        let foreign = ForeignMethod(name: "other") { item, rendered, tokens in
            calls.append("\(rendered) \(tokens)")
            var record = BenchRecord(method: "?", levels: ["x"], item: item)
            record.engine = "other"
            return record
        }
        let records = try records(runner(["plain"], foreign: [foreign], repetitions: 2))
        #expect(calls == ["r0 30", "r1 30", "r2 30", "r0 30", "r1 30", "r2 30"])
        let others = records.filter { $0.engine == "other" }
        #expect(others.map(\.method) == Array(repeating: "other", count: 6))
        #expect(others.map(\.repetition) == [0, 0, 0, 1, 1, 1])
        #expect(others.map(\.category) == ["a", "a", "b", "a", "a", "b"])
    }

    @Test func `The warm-up runs every method and records nothing`() throws {
        var calls = 0
        let foreign = ForeignMethod(name: "other") { item, _, tokens in
            calls += 1
            #expect(tokens == 16)
            return BenchRecord(method: "?", levels: [], item: item)
        }
        let runner = try runner(["plain", "fsd"], foreign: [foreign])
        try runner.warmUp(prompts[0])
        #expect(calls == 1)
        #expect(models.allSatisfy { model in model === models[1] || model.forwardCount > 0 })
    }

    @Test func `What automatic control chose comes after its run, round by round`() throws {
        var last: BenchRecord?
        var chains: Set<[String]> = []
        try runner(["exact", "auto@ngram,draft"]).run(prompts) { record, _ in
            last = record
        } receivePlans: { plans in
            let record = try #require(last)
            #expect(plans.allSatisfy { $0.promptId == record.promptId && $0.repetition == 0 })
            #expect(
                plans.allSatisfy { $0.method == "auto@ngram,draft" && record.method == $0.method })
            #expect(plans.map(\.tokens) == plans.map(\.tokens).sorted())
            #expect(plans.first?.tokens == 0 && plans.count <= record.generatedTokens)
            for plan in plans {
                #expect(plan.lookaheads.count == plan.levels.count - 1)
                #expect(plan.lookaheads.allSatisfy { $0 > 0 })
                chains.insert(plan.levels)
            }
        }
        let allowed: Set = [
            ["target"], ["ngram", "target"], ["draft", "target"], ["ngram", "draft", "target"],
        ]
        #expect(!chains.isEmpty && chains.isSubset(of: allowed))
    }

    @Test func `Time left is in proportion`() {
        let progress = BenchProgress(done: 3, total: 12, elapsed: .seconds(6))
        #expect(progress.timeLeft == .seconds(18))
        #expect(BenchProgress(done: 0, total: 2, elapsed: .zero).timeLeft == nil)
    }
}

/// Nothing ends a text, and nobody reads it.
private final class SilentTokenizer: Tokenizer {
    let endTokens: Set<TokenID> = []

    func tokens(of text: String, addSpecial: Bool, parseSpecial: Bool) -> [TokenID] { [] }

    func bytes(of token: TokenID) -> [UInt8] { [] }
}
