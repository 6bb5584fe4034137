import ArgumentParser
import GGUF
import LlamaBackend
import PyramidBackends
import PyramidDecoding
import PyramidEvaluation

/// Compares ways to decode.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Compares the speed of ways to decode, on prompt files.",
        discussion: """
            Every prompt is decoded by every method before the next prompt, so that a busy moment \
            of the machine slows all of them. Ratios are to plain decoding with the target alone, \
            with 95 % intervals by a paired bootstrap over prompts. Tables go to standard output, \
            progress to standard error. Ctrl-C ends the bench with the tables of what is done.

            \(BenchMethod.specHelp)

            Example: pyramid bench --family qwen2.5-coder -f humaneval.jsonl --count 20 \\
                       --method auto --method exact@draft:4 --json results.jsonl
            """)

    @OptionGroup(title: "Levels") var levels: LevelFlags
    @OptionGroup(title: "Prompts") var prompts: BenchPromptFlags
    @OptionGroup(title: "Methods") var methods: BenchMethodFlags
    @OptionGroup(title: "Sampling") var sampling: BenchSamplingFlags
    @OptionGroup(title: "Runtime") var runtime: RuntimeFlags
    @OptionGroup(title: "Other programs") var against: AgainstFlags
    @OptionGroup(title: "Results") var results: BenchResultFlags
    @OptionGroup(visibility: .hidden) var foreign: ForeignFlags

    func validate() throws {
        guard results.report.isEmpty || (prompts.files.isEmpty && !namesLevels) else {
            throw ValidationError("--report runs nothing; leave out models and prompts")
        }
        guard !results.report.isEmpty || !prompts.files.isEmpty else {
            throw ValidationError("No prompts: give -f FILE")
        }
    }

    func run() throws {
        try CommandFailure.reporting {
            guard results.report.isEmpty else {
                try StandardOutput.write(BenchReport(files: results.report).text)
                return
            }
            try bench(try levels.sources())
        }
    }

    private func bench(_ sources: [LevelSource]) throws {
        let all = BenchLevels(of: sources)
        let names = all.names
        let settings = try settings
        let methods = try methods.methods(of: all, isGreedy: settings.sampling.isGreedy)
        let items = try prompts.items()
        let options = try runtime.modelOptions(for: sources)
        let llama = try against.tools().map {
            AgainstLlama(
                tools: $0, flags: against, sources: sources, names: names,
                threads: options.threads, sampling: settings.sampling)
        }
        let log = try BenchLog(path: results.json, resumes: results.resume, settings: settings)
        Interrupts.install()
        if results.memory {
            let probe = MemoryProbe(sources: sources, runtime: runtime)
            for set in methods.map(\.levels) where Interrupts.pending == nil {
                try log.measureMemory(of: set.map { names[$0] }) { try probe.measure(set) }
            }
        }
        let loaded = try ModelPyramid(levels: sources, options: options) {
            StandardError.write($0.report + "\n")
        }
        if methods.contains(where: { $0.control == .auto }) {
            try loaded.learnCosts(from: Environment.controlStore)
        }
        try log.begin(RunHeader(loaded, names: names, threads: options.threads))
        let foreign = try llama?.methods(loaded)
        defer { foreign?.llama.stop() }
        for record in try llama?.measureModels() ?? [] { try log.add(record) }
        let session = BenchSession(
            pyramid: loaded.pyramid, names: names, tokenizer: loaded.tokenizer)
        let runner = BenchRunner(
            session: session, methods: methods, foreign: foreign?.methods ?? [],
            settings: settings)
        let benchPrompts = try prompts.rendered(items, for: loaded, settings.maximumTokens)
        try run(runner, benchPrompts, log)
        if let store = Environment.controlStore { loaded.keepCosts(in: store) }
        try StandardOutput.write(BenchReport(log.records, memory: log.memory).text)
        if let signal = Interrupts.pending { throw ExitCode(Interrupts.exitCode(signal)) }
    }

    private func run(
        _ runner: BenchRunner<ModelLevel>, _ prompts: [BenchPrompt], _ log: BenchLog
    ) throws {
        var line = BenchProgressLine()
        defer { line.finish() }
        func isInterrupted() -> Bool { Interrupts.pending != nil }
        if let first = prompts.first {
            line.show("warming up")
            try runner.warmUp(first, isInterrupted: isInterrupted)
        }
        try runner.run(
            prompts, skipping: Set(log.records.map(\.key)), isInterrupted: isInterrupted
        ) { record, progress in
            try log.add(record)
            line.show(record, progress)
        } receivePlans: { plans in
            if results.plans { try log.add(plans) }
        }
    }

    private var namesLevels: Bool {
        levels.family != nil || !levels.level.isEmpty
            || [levels.model, levels.modelQualifier, levels.modelDraft].contains { $0 != nil }
    }

    private var settings: BenchSettings {
        get throws {
            var settings = BenchSettings()
            settings.maximumTokens = prompts.predict
            settings.repetitions = methods.repetitions
            settings.sampling = try sampling.sampling()
            return settings
        }
    }
}
