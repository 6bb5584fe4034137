import ArgumentParser
import Foundation
import PyramidBackends
import PyramidDecoding
import PyramidEngine

/// Continues a prompt.
struct GenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate", abstract: "Continues a prompt with a pyramid of models.",
        discussion: """
            Text goes to standard output, statistics to standard error. Ctrl-C stops after the \
            running round and prints the statistics; a second one exits at once.
            """)

    @OptionGroup(title: "Levels") var levels: LevelFlags
    @OptionGroup(title: "Prompt") var prompt: PromptFlags
    @OptionGroup(title: "Mode") var mode: ModeFlags
    @OptionGroup(title: "Control") var control: ControlFlags
    @OptionGroup(title: "Sampling") var sampling: SamplingFlags
    @OptionGroup(title: "Runtime") var runtime: RuntimeFlags
    @OptionGroup(title: "Output") var output: OutputFlags
    @OptionGroup(visibility: .hidden) var foreign: ForeignFlags

    func run() throws {
        try CommandFailure.reporting {
            let sources = try levels.sources(for: mode.decodingMode())
            let options = try DecodingOptions(
                mode, control, sampling, levels: sources, maximumTokens: output.maximumTokens)
            let modelOptions = try runtime.modelOptions(for: sources)
            let text = try prompt.text()
            // Not before: Ctrl-C while somebody types the prompt ends the program at once.
            Interrupts.install()
            let loaded = try ModelPyramid(levels: sources, options: modelOptions) {
                if output.showsProgress { StandardError.write($0.report + "\n") }
            }
            let session = GenerationSession(
                loaded: loaded, names: sources.map(LevelName.short), options: options)
            try session.checkTokens()
            let store = options.control == .auto ? Environment.controlStore : nil
            if options.control == .auto { try loaded.prepareControl(from: store) }
            let request = GenerationRequest(
                prompt: try session.tokens(of: prompt.rendered(text, for: loaded.vocabulary)),
                options: options, stopStrings: output.stop, stopsAtEnd: !output.ignoreEos)
            try run(session, request, store)
        }
    }

    private func run(
        _ session: GenerationSession, _ request: GenerationRequest, _ store: ControlStore?
    ) throws {
        var writer = TextWriter(output, levelCount: session.names.count)
        let result = Result { try session.run(request) { try writer.write($0) } }
        // Also after a failure: the terminal must not stay painted.
        try writer.finish()
        let run = try result.get()
        if let store { session.loaded.keepControl(in: store) }
        let report = GenerationReport(session, run)
        if output.json {
            try StandardOutput.write(report.json(text: writer.text) + "\n")
        } else if !output.noStats {
            StandardError.write(StatisticsTable(report, explains: control.explain).text)
        }
        if output.compare, Interrupts.pending == nil {
            let comparison = try Comparison(session, request, full: run)
            StandardError.write(comparison.text)
        }
        if let signal = Interrupts.pending { throw ExitCode(Interrupts.exitCode(signal)) }
    }
}
