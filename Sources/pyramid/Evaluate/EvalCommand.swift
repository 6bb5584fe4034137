import ArgumentParser
import Foundation
import PyramidDecoding
import PyramidEvaluation

/// Measures what methods cost in quality.
struct EvalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval", abstract: "Measures what each mode costs in quality.",
        discussion: """
            Answers the same prompts by every method: exact match on GSM8K, checks passed on \
            HumanEval, agreement with plain decoding, total variation from the target's law, \
            perplexity under the target, each with an interval.

            \(BenchMethod.specHelp)
            """)

    @OptionGroup(title: "Levels") var levels: LevelFlags
    @OptionGroup(title: "Prompts and answers") var flags: EvalFlags
    @OptionGroup(title: "Sampling") var sampling: BenchSamplingFlags
    @OptionGroup(title: "Runtime") var runtime: RuntimeFlags

    @Option(
        help: ArgumentHelp(
            "A method, as described above; repeatable. (default: auto and the lossy modes)",
            valueName: "spec"))
    var method: [String] = []

    func run() async throws {
        try await CommandFailure.reporting {
            let items = try flags.items()
            let sandbox = try await flags.sandbox(for: items)
            Interrupts.install()
            // A wrong spec is told before seconds of loading.
            let methods = try methods(for: try BenchLevels(of: levels.sources()))
            let session = try EvalSession(levels, runtime, flags, sampling)
            try session.prepare(for: methods)
            let log = try EvalLog<EvaluationRecord>(flags, header: session.header)
            let run = EvaluationRun(
                items: items, methods: methods.map(\.name), setting: session.setting,
                sandbox: sandbox, records: log.records)
            let records = try await records(of: run, methods, session, log)
            session.finish()
            let summary = EvaluationSummary(
                records, comparesTexts: session.setting.temperature == 0)
            if !records.isEmpty { try StandardOutput.write(EvalTable(summary).text) }
            if let signal = Interrupts.pending { throw ExitCode(Interrupts.exitCode(signal)) }
        }
    }

    /// Plain decoding is among them, since all are compared with it.
    private func methods(for levels: BenchLevels) throws -> [BenchMethod] {
        var methods = [try BenchMethod(spec: EvaluationSummary.baseline, levels: levels)]
        if method.isEmpty, levels.target > 0 {
            methods.append(try BenchMethod(spec: "auto", levels: levels))
            methods += try BenchMethod.lossy(for: levels)
        }
        methods += try method.map { try BenchMethod(spec: $0, levels: levels) }
        var names: Set<String> = []
        return methods.filter { names.insert($0.name).inserted }
    }

    private func records(
        of run: EvaluationRun, _ methods: [BenchMethod], _ session: EvalSession,
        _ log: EvalLog<EvaluationRecord>
    ) async throws -> [EvaluationRecord] {
        let progress = EvalProgress()
        defer { progress.finish() }
        let total = run.count - run.knownCount
        var done = 0
        return try await run.run { name, item in
            guard let method = methods.first(where: { $0.name == name }) else { return nil }
            progress.show(done, of: total, "\(item.id) by \(name)")
            done += 1
            return try session.answer(item, by: method)
        } surprise: {
            try session.surprise(of: $0)
        } keep: {
            try log.add($0)
        }
    }
}
