import ArgumentParser
import Foundation
import PyramidDecoding
import PyramidEvaluation

/// Tries the lossy modes' settings.
struct SweepCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep", abstract: "Tries PyramidSD's grid of settings on your models.",
        discussion: """
            Decodes the same prompts with plain and speculative decoding, fsd, psd-a and psd-f \
            at every setting of the grid. Every later cell takes turns with the fastest \
            speculative decoding, which its speed is compared with. With --json and --resume an interrupted \
            sweep goes on after its last whole cell.
            """)

    @OptionGroup(title: "Levels") var levels: LevelFlags
    @OptionGroup(title: "Grid") var grid: SweepFlags
    @OptionGroup(title: "Prompts and answers") var flags: EvalFlags
    @OptionGroup(title: "Sampling") var sampling: BenchSamplingFlags
    @OptionGroup(title: "Runtime") var runtime: RuntimeFlags

    func run() async throws {
        try await CommandFailure.reporting {
            let items = try flags.items()
            let sandbox = try await flags.sandbox(for: items)
            Interrupts.install()
            // A wrong grid is told before seconds of loading.
            let all = try BenchLevels(of: levels.sources())
            let cells = try grid.cells(for: all)
            let session = try EvalSession(levels, runtime, flags, sampling)
            var run = SweepRun(
                cells: cells, levels: all.names, items: items,
                setting: session.setting, sandbox: sandbox)
            let log = try EvalLog<SweepRecord>(flags, header: session.header)
            run.skip(log.records)
            StandardError.write(
                "\(run.cells.count) cells of \(items.count) prompts, \(run.knownCount) done "
                    + "already\n")
            let records = try await records(of: run, session, log)
            if !records.isEmpty { try StandardOutput.write(SweepTable(records).text) }
            if let signal = Interrupts.pending { throw ExitCode(Interrupts.exitCode(signal)) }
        }
    }

    private func records(
        of run: SweepRun, _ session: EvalSession, _ log: EvalLog<SweepRecord>
    ) async throws -> [SweepRecord] {
        let progress = EvalProgress()
        defer { progress.finish() }
        return try await run.run {
            try session.answer($1, by: $0)
        } progress: {
            progress.show($1.done, of: $1.total, $0.name)
        } keep: {
            try log.add($0)
        }
    }
}
