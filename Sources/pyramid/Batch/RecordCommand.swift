import ArgumentParser
import Foundation
import PyramidBackends
import PyramidDecoding
import PyramidEvaluation

/// Writes a model's laws on texts down, to train a smaller model on.
struct RecordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record", abstract: "Records a model's laws on texts, to train a draft on.",
        discussion: """
            Reads texts with the model and writes the most probable tokens of every law into a \
            folder of NumPy files: tokens.npy [n], ids.npy and logs.npy [n, top], texts.npy [m, 2] \
            (where texts and the answers in them begin). A .txt file is one text, cut into pieces; \
            JSONL has one text a line, {"text"}, or the answers of 'pyramid batch'.
            """)

    @Option(
        name: [.short, .long], help: ArgumentHelp("The model: a GGUF file.", valueName: "gguf"))
    var model: String

    @Option(
        name: [.customShort("f"), .customLong("file")],
        help: ArgumentHelp("Texts; repeatable.", valueName: "file"))
    var files: [String]

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("The folder to write; it must not exist.", valueName: "folder"))
    var output: String

    @Option(parsing: .unconditional, help: "Tokens of each law that are kept.")
    var top = 32

    @Option(parsing: .unconditional, help: "The most tokens of a text; longer ones are cut.")
    var length = 512

    @Option(parsing: .unconditional, help: "Stop after this many tokens.")
    var limit: Int?

    @OptionGroup(title: "Runtime") var runtime: RuntimeFlags

    func validate() throws {
        for (flag, value, least) in [
            ("--top", top, 1), ("--length", length, 2), ("--limit", limit ?? 1, 1),
        ] where value < least {
            throw ValidationError("\(flag) \(value) is not \(least) or more")
        }
    }

    func run() throws {
        try CommandFailure.reporting {
            let folder = URL(fileURLWithPath: output)
            guard !FileManager.default.fileExists(atPath: output) else {
                throw CommandFailure("\(output) exists; name a new folder")
            }
            let source = LevelSource.file(path: model)
            var options = try runtime.modelOptions(for: [source])
            options.contextSize = options.contextSize ?? length
            Interrupts.install()
            let loaded = try ModelPyramid(levels: [source], options: options) {
                StandardError.write($0.report + "\n")
            }
            guard case .model(let level) = loaded.pyramid.levels.last,
                top <= level.vocabularySize
            else {
                throw CommandFailure(
                    "--top \(top) is more than the model's \(loaded.pyramid.vocabularySize) tokens")
            }
            let texts = try TextPieces(
                files, length: min(length, level.contextSize), tokenizer: loaded.tokenizer)
            let recorder = try LawRecorder(folder: folder, kept: top)
            let progress = EvalProgress()
            let total = min(texts.tokenCount, limit ?? .max)
            for piece in texts.pieces
            where recorder.count < total && Interrupts.pending == nil {
                try recorder.add(piece.tokens, promptCount: piece.promptCount, by: level)
                progress.show(min(recorder.count, total), of: total, "tokens recorded")
            }
            progress.finish()
            try recorder.finish()
            if let signal = Interrupts.pending { throw ExitCode(Interrupts.exitCode(signal)) }
        }
    }
}
