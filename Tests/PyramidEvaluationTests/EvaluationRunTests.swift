import PyramidDecoding
import PyramidEngine
import PyramidEvaluation
import PyramidTestSupport
import Testing

struct EvaluationRunTests {
    private let world = ToyWorld()

    private var run: EvaluationRun {
        EvaluationRun(items: world.items, methods: world.methods.map(\.name), setting: setting)
    }

    private var setting: EvaluationSetting {
        EvaluationSetting(sampling: Sampling(), maximumTokens: 30)
    }

    /// Runs on a fresh session.
    ///
    /// - Parameter stop: The answer at which the run is interrupted, from 1.
    private func records(
        _ run: EvaluationRun, stop: Int = .max
    ) async throws -> (all: [EvaluationRecord], kept: [EvaluationRecord], answers: Int) {
        let session = try world.session()
        var kept: [EvaluationRecord] = []
        var answers = 0
        let all = try await run.run { name, item in
            answers += 1
            guard answers < stop else { return nil }
            return try world.answer(item, name, session)
        } surprise: {
            try world.surprise($0)
        } keep: {
            kept.append($0)
        }
        return (all, kept, answers)
    }

    @Test func `Exact methods agree with plain decoding, and lossy ones say how far they go`()
        async throws
    {
        let records = try await records(run).all
        #expect(records.count == 3 * world.methods.count)
        for item in world.items {
            let own = records.filter { $0.promptId == item.id }
            let plain = try #require(own.first { $0.method == "plain" })
            for record in own {
                let isLossy = record.method.hasPrefix("fsd")
                #expect(record.meanTotalVariation == 0 || isLossy)
                #expect(record.tokens == plain.tokens || isLossy)
                #expect(record.surprise == plain.surprise || isLossy)
                #expect(record.written.reduce(0, +) == record.tokens.count)
                #expect(record.written.count == (record.method == "plain" ? 1 : 2))
            }
        }
        let summary = EvaluationSummary(records, comparesTexts: true)
        for row in summary.rows {
            let isExact = !row.method.hasPrefix("fsd")
            #expect((row.excessSurprise?.value == 0) == isExact)
            #expect((row.identical?.successes == row.items) == isExact)
            #expect((row.totalVariation?.value == 0) == isExact)
        }
    }

    @Test func `Numbers are checked, and programs only in a sandbox`() async throws {
        let records = try await records(run).all
        for record in records {
            switch record.task {
            case .gsm8k:
                #expect(record.isCorrect == false)
                #expect(record.reason == "no number, not 7")
            case .humaneval:
                #expect(record.isCorrect == nil)
                #expect(record.reason == "not run")
            case .text: #expect(record.isCorrect == nil && record.reason == nil)
            }
        }
    }

    @Test func `Nothing is done twice, and what was interrupted is done then`() async throws {
        let whole = try await records(run)
        let part = try await records(run, stop: 5)
        #expect(part.kept.count == 4)
        var resumed = run
        resumed = EvaluationRun(
            items: resumed.items, methods: resumed.methods, setting: setting, records: part.kept)
        #expect(resumed.knownCount == 4)
        let rest = try await records(resumed)
        #expect(rest.answers == whole.answers - 4)
        #expect(rest.all.map(\.tokens) == whole.all.map(\.tokens))
        let again = EvaluationRun(
            items: world.items, methods: resumed.methods, setting: setting, records: rest.all)
        #expect(try await records(again).answers == 0)
    }

    @Test func `Another setting is another evaluation`() async throws {
        let kept = try await records(run).kept
        let longer = EvaluationSetting(sampling: Sampling(), maximumTokens: 31)
        let other = EvaluationRun(
            items: world.items, methods: run.methods, setting: longer, records: kept)
        #expect(other.knownCount == 0)
    }

    @Test func `Programs of an earlier run are checked once there is a sandbox`() async throws {
        let sandbox: CodeSandbox
        do {
            sandbox = try await CodeSandbox()
        } catch let error as SandboxError {
            print("not tested: \(error)")
            return
        }
        let kept = try await records(run).kept
        let scored = EvaluationRun(
            items: world.items, methods: run.methods, setting: setting, sandbox: sandbox,
            records: kept)
        let second = try await records(scored)
        #expect(second.answers == 0)
        #expect(second.kept.count == world.methods.count)
        #expect(second.kept.allSatisfy { $0.task == .humaneval && $0.isCorrect == false })
    }
}
