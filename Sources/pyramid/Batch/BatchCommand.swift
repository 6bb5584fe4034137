import ArgumentParser
import PyramidBackends
import PyramidDecoding
import PyramidEngine
import PyramidEvaluation

/// Answers a file of prompts, many at a time.
struct BatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "batch", abstract: "Answers all prompts of files, many at a time.",
        discussion: """
            All running sequences share each level's forwards, so that many answers take less \
            time than one after the other. Answers are written as JSON lines as they are \
            finished: {"id", "sample", "seed", "levels", "prompt", "prompt_tokens", "text", \
            "tokens", "finish_reason"}. With --resume an interrupted batch goes on with those that \
            are missing. With --seed answer number i has the seed plus i, and its text does not \
            depend on what else runs.
            """)

    @OptionGroup(title: "Levels") var levels: LevelFlags
    @OptionGroup(title: "Prompts and answers") var prompts: BatchFlags
    @OptionGroup(title: "Mode") var mode: ModeFlags
    @OptionGroup(title: "Control") var control: ControlFlags
    @OptionGroup(title: "Sampling") var sampling: SamplingFlags
    @OptionGroup(title: "Runtime") var runtime: RuntimeFlags
    @OptionGroup(visibility: .hidden) var foreign: ForeignFlags

    func run() throws {
        try CommandFailure.reporting {
            let sources = try levels.sources(for: mode.decodingMode())
            let options = try DecodingOptions(
                mode, control, sampling, levels: sources, maximumTokens: prompts.predict)
            let items = try prompts.items()
            let log = try BatchLog(path: prompts.json, resumes: prompts.resume)
            var modelOptions = try runtime.modelOptions(for: sources)
            modelOptions.sequenceCapacity = prompts.parallel
            Interrupts.install()
            let loaded = try ModelPyramid(levels: sources, options: modelOptions) {
                StandardError.write($0.report + "\n")
            }
            let store = options.control == .auto ? Environment.controlStore : nil
            if options.control == .auto { try loaded.prepareControl(from: store) }
            let names = sources.map(LevelName.short)
            let queue = try prompts.queue(items, for: loaded, seed: options.sampling.seed).filter {
                try !log.has($0, levels: names, hasSeed: sampling.hasSeed)
            }
            var run = BatchRun(
                loaded: loaded, names: names, options: options, stopStrings: prompts.stop,
                queue: queue)
            try run.finish(log)
            if let store { loaded.keepControl(in: store) }
            if let signal = Interrupts.pending { throw ExitCode(Interrupts.exitCode(signal)) }
        }
    }
}
