import ArgumentParser
import Foundation
import LlamaBackend

/// Makes a smaller sibling of a model.
struct DeriveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "derive",
        abstract: "Makes a smaller sibling of a GGUF file by requantizing it.",
        discussion: """
            One downloaded model is then a pyramid: ngram -> smaller copy -> original. Rows that \
            are no multiple of 256 columns cannot be K-quants; libllama falls back by itself.
            """)

    @Argument(help: "The GGUF file.")
    var input: String

    @Option(name: [.short, .long], help: "The new file. (default: INPUT-TYPE.gguf beside it)")
    var output: String?

    @Option(help: ArgumentHelp("The quantization.", valueName: Requantizer.types.joined(separator: "|")))
    var type = "Q4_0"

    @Option(name: [.short, .long], help: "Threads. (default: all cores)")
    var threads: Int?

    @Flag(help: "Replace the new file if it exists.")
    var force = false

    func run() throws {
        try CommandFailure.reporting {
            let stem = (input as NSString).deletingPathExtension
            let path = output ?? "\(stem)-\(type.uppercased()).gguf"
            if !force, FileManager.default.fileExists(atPath: path) {
                throw CommandFailure("\(path) exists; give another one with -o, or --force")
            }
            let requantizer = try Requantizer(
                type: type, threads: threads ?? ProcessInfo.processInfo.activeProcessorCount)
            try requantizer.requantize(input, to: path)
            print(path)
        }
    }
}
