import ArgumentParser
import Foundation
import GGUF
import LlamaBackend

/// Says what GGUF files are, and whether they can form a pyramid.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Says what GGUF files are, and whether several can form a pyramid.")

    @Argument(help: "GGUF files; of several the last is the target.")
    var files: [String]

    func run() throws {
        try CommandFailure.reporting {
            guard !files.isEmpty else { throw ValidationError("Name at least one GGUF file.") }
            let opened = try files.map { try GGUFModelFiles(path: $0) }
            for file in opened { try StandardOutput.write(FileReport(file).text + "\n") }
            guard opened.count > 1 else { return }
            let verdict = try PyramidVerdict(opened)
            try StandardOutput.write(verdict.text + "\n")
            if !verdict.isPossible { throw ExitCode.failure }
        }
    }
}
