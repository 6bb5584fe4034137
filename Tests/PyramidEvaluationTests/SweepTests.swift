import Foundation
import PyramidDecoding
import PyramidEvaluation
import PyramidTestSupport
import Testing

struct SweepTests {
    private let world = ToyWorld()

    private var grid: SweepGrid {
        var grid = SweepGrid()
        grid.tauQ = [0.4]
        grid.tauT = [0.2, 0.5]
        grid.draftLookaheads = [2, 5]
        grid.qualifierLookaheads = [4]
        grid.exactLookaheads = [2, 3]
        return grid
    }

    private func run(_ items: Int = 3) throws -> SweepRun {
        var sampling = Sampling()
        sampling.temperature = 1
        return SweepRun(
            cells: try grid.cells(for: world.levels), levels: world.levels.names,
            items: Array(world.items.prefix(items)),
            setting: EvaluationSetting(sampling: sampling, maximumTokens: 30))
    }

    /// - Parameter stop: The answer at which the run is interrupted, from 1.
    private func records(
        _ run: SweepRun, stop: Int = .max
    ) async throws -> (all: [SweepRecord], kept: [SweepRecord], progress: [BenchProgress]) {
        let session = try world.session()
        var kept: [SweepRecord] = []
        var progress: [BenchProgress] = []
        var answers = 0
        var sampling = Sampling()
        sampling.temperature = 1
        let all = try await run.run { method, item in
            answers += 1
            guard answers < stop else { return nil }
            return try world.answer(item, method, session, sampling: sampling)
        } progress: {
            progress.append($1)
        } keep: {
            kept.append($0)
        }
        return (all, kept, progress)
    }

    @Test func `The grid has every cell once, references first`() throws {
        let cells = try SweepGrid().cells(for: world.levels)
        let counts = Dictionary(grouping: cells, by: \.group).mapValues(\.count)
        // l_D, l_Q: (5, 15), (15, 15), (5, 25), (15, 25), (25, 25).
        #expect(counts == [.plain: 1, .sd: 6, .fsd: 4 * 5, .psdA: 4 * 5, .psdF: 16 * 5])
        #expect(Set(cells.map(\.name)).count == cells.count)
        #expect(cells.prefix(7).allSatisfy { $0.group.isReference })
        let names = Set(cells.map(\.name))
        let best = try BenchMethod(
            spec: "psd-f(tau_q=0.4,tau_t=0.5)@draft:15,qualifier:25", levels: world.levels)
        #expect(names.contains(best.name))
    }

    @Test func `A lookup takes the draft's place, and without a model there is no sweep`() throws {
        let trio = BenchLevels(names: ["ngram", "a", "b"], hasLookup: true)
        let cells = try SweepGrid().cells(for: trio)
        let counts = Dictionary(grouping: cells, by: \.group).mapValues(\.count)
        #expect(counts == [.plain: 1, .sd: 3, .fsd: 4 * 3, .psdA: 4 * 5, .psdF: 16 * 5])
        let best = try BenchMethod(
            spec: "psd-f(tau_q=0.4,tau_t=0.5)@ngram:15,draft:25", levels: trio)
        #expect(cells.contains { $0.name == best.name })
        let pair = BenchLevels(names: ["a", "b"], hasLookup: false)
        #expect(Set(try SweepGrid().cells(for: pair).map(\.group)) == [.plain, .sd, .fsd])
        #expect(throws: ConfigurationError.self) {
            try SweepGrid().cells(for: BenchLevels(names: ["ngram", "b"], hasLookup: true))
        }
    }

    @Test func `Each cell is one record with shares that add up`() async throws {
        let run = try run()
        let outcome = try await records(run)
        #expect(outcome.all.map(\.cell) == run.cells.map(\.name))
        #expect(outcome.all == outcome.kept)
        for record in outcome.all {
            #expect(record.items == 3)
            #expect(record.tokens == 90)
            #expect(abs(record.authorship.reduce(0, +) - 1) < 1e-9)
            #expect(record.authorship.count == record.levels.count)
            #expect(record.correct == Proportion(successes: 0, count: 1))
            let isReference = record.group.isReference
            #expect((record.meanTotalVariation == 0) == isReference, "\(record.cell)")
            #expect((record.reference == nil) == isReference)
            #expect((record.ratioToReference == nil) == isReference)
        }
        let fastest = outcome.all.filter { $0.group == .sd }
            .max { ($0.tokensPerSecond ?? 0) < ($1.tokensPerSecond ?? 0) }
        #expect(Set(outcome.all.compactMap(\.reference)) == [fastest?.cell])
        #expect(outcome.progress.last?.done == outcome.progress.last?.total)
        let wide = outcome.all.filter { $0.group == .psdF }
        #expect(!wide.isEmpty && wide.allSatisfy { $0.levels == ["a", "b", "c"] })
    }

    @Test func `A sweep goes on after the last whole cell`() async throws {
        let part = try await records(try run(), stop: 8)
        #expect(part.kept.count == 2)
        var rest = try run()
        rest.skip(part.kept)
        #expect(rest.knownCount == 2)
        let outcome = try await records(rest)
        #expect(outcome.kept.count == rest.cells.count - 2)
        #expect(Array(outcome.all.prefix(2)) == part.kept)
        var other = try run(2)
        other.skip(outcome.all)
        #expect(other.knownCount == 0)
    }

    @Test func `The summary has the fastest of each kind beside what was published`() async throws {
        let summary = SweepSummary(try await records(try run()).all)
        #expect(summary.rows.map(\.fastest.group) == SweepCell.Group.allCases)
        #expect(summary.rows[1].ratio?.value == 1)
        #expect(summary.rows.map { $0.published?.ratio } == [nil, 1, 1.28, 1.44, 1.91])
    }

    @Test func `A record comes back from its line`() async throws {
        let path = NSTemporaryDirectory() + "sweep-\(UInt64.random(in: 0 ... .max)).jsonl"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let kept = try await records(try run()).kept
        let writer = try JSONLWriter(appendingTo: path)
        for record in kept { try writer.write(record) }
        var resumed = try run()
        resumed.skip(try JSONLReader(path: path).records(SweepRecord.self))
        #expect(resumed.knownCount == kept.count)
    }
}
