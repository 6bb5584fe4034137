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

    @Option(
        help: ArgumentHelp("The quantization.", valueName: Requantizer.types.joined(separator: "|"))
    )
    var type = "Q4_0"

    @Option(
        name: [.short, .long], parsing: .unconditional, help: "Threads. (default: all cores)")
    var threads: Int?

    @Flag(help: "Replace the new file if it exists.")
    var force = false

    func validate() throws {
        try Threads.check(threads)
    }

    func run() throws {
        try CommandFailure.reporting {
            let stem = (input as NSString).deletingPathExtension
            let path = output ?? "\(stem)-\(type.uppercased()).gguf"
            try checkOutput(path)
            let requantizer = try Requantizer(
                type: type, threads: threads ?? ProcessInfo.processInfo.activeProcessorCount)
            Interrupts.removeOnSignal(Requantizer.partialPath(of: path))
            try requantizer.requantize(input, to: path)
            try StandardOutput.write(path + "\n")
        }
    }

    private func checkOutput(_ path: String) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return }
        guard !isFolder.boolValue else {
            throw CommandFailure("\(path) is a folder; name a file in it with -o")
        }
        let places = [input, path].map { URL(fileURLWithPath: $0).resolvingSymlinksInPath() }
        guard places[0] != places[1] else {
            throw CommandFailure("\(path) is the input itself; give another one with -o")
        }
        guard force else {
            throw CommandFailure("\(path) exists; give another one with -o, or --force")
        }
    }
}
