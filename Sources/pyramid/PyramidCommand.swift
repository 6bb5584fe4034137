import ArgumentParser
import LlamaBackend
import Foundation

/// The program's root command.
@main
struct PyramidCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pyramid",
        abstract: "Runs a GGUF language model fast with a pyramid of smaller ones.",
        discussion: """
            A small draft proposes tokens, a qualifier checks them, the target decides. The \
            default modes are exact: the text is the target's own.

            Start with:  pyramid pull qwen2.5-coder
                         pyramid generate --family qwen2.5-coder --chat -p "Sort in C"

            Exit codes: 0 done, 1 failed, 64 wrong command line, 130 and 143 ended by SIGINT and \
            SIGTERM.
            """,
        version: "0.1.0",
        subcommands: [
            GenerateCommand.self, ServeCommand.self, WorkerCommand.self, BatchCommand.self,
            RecordCommand.self,
            PullCommand.self,
            ModelsCommand.self, InspectCommand.self,
            DeriveCommand.self,
            // Measurement.
            BenchCommand.self, EvalCommand.self, SweepCommand.self, PlanCommand.self,
        ])

    static func main() async {
        LlamaRuntime.exitOnAbort()
        do {
            var command = try await asyncParseAsRoot(nil)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            exit(reporting: error)
        }
    }

    /// A wrong command line is told in one line, like all other failures.
    private static func exit(reporting error: any Error) -> Never {
        guard exitCode(for: error) == .validationFailure, !message(for: error).isEmpty else {
            exit(withError: error)
        }
        let words = message(for: error).split(whereSeparator: \.isWhitespace)
        let message = words.joined(separator: " ")
        StandardError.write("error: \(message) (\(advice(on: message)))\n")
        Foundation.exit(ExitCode.validationFailure.rawValue)
    }

    private static func advice(on message: String) -> String {
        let known = configuration.subcommands.compactMap { $0.configuration.commandName }
        guard let first = CommandLine.arguments.dropFirst().first, known.contains(first) else {
            return "the commands are \(known.joined(separator: ", ")); see 'pyramid --help'"
        }
        let isStray = first == "generate" && message.hasPrefix("Unexpected argument")
        return (isStray ? "the prompt goes after -p, the model after -m; " : "")
            + "see 'pyramid \(first) --help'"
    }
}
