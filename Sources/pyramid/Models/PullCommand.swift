import ArgumentParser
import Foundation
import ModelStore

/// Downloads a family's files into the cache.
struct PullCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Brings a family of models to this machine and checks every byte.",
        discussion: """
            Files go to the Hugging Face cache (LLAMA_CACHE, HF_HUB_CACHE, HF_HOME, \
            XDG_CACHE_HOME or ~/.cache/huggingface/hub). An interrupted download goes on where it \
            stopped. HF_TOKEN gives access to gated models. Drafts of our own come with the \
            program's source, in its folder Models (PYRAMID_MODELS).
            """)

    @Argument(help: "The family (see 'pyramid models').")
    var name: String

    @Flag(help: "Print no progress.")
    var quiet = false

    func run() async throws {
        try await CommandFailure.reporting {
            let levels = try FamilyLevels(name)
            let store = try Environment.modelStore
            for file in levels.family.files {
                try await pull(file, from: store)
            }
            try levels.derive(threads: ProcessInfo.processInfo.activeProcessorCount) { line in
                if !quiet { StandardError.write(line + "\n") }
            }
        }
    }

    private func pull(_ file: ModelFile, from store: ModelStore) async throws {
        let isTerminal = isatty(STDERR_FILENO) == 1
        let bar = ProgressBar(
            width: 78, isASCII: !isTerminal, isColored: Environment.allowsColor(STDERR_FILENO))
        let printer = ProgressPrinter(bar: bar, isTerminal: isTerminal, isQuiet: quiet)
        if !quiet {
            var line = "\(file.name)  licence: \(file.licence.name)\n"
            if let notice = file.licence.notice { line += notice + "\n" }
            StandardError.write(line)
        }
        let path = try await store.pull(file) { printer.show($0) }
        printer.finish()
        try StandardOutput.write(path.path + "\n")
    }
}
