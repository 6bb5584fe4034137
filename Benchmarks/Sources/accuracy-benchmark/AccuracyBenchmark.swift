import Foundation
import GGUF
import LlamaBackend
import NativeBackend
import PyramidDecoding
import PyramidEngine

/// Compares the next-token laws of this package's engine with llama.cpp's on a text, and both with
/// a reference file of the same weights in F32, whose activations are not rounded to eight bits.
@main
struct AccuracyBenchmark {
    static let context = 512
    /// Tokens at the start of each piece that are not counted: their laws know too little.
    static let warmUp = 128

    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.count >= 3, let count = Int(arguments[0]), count > 0 else {
            print("usage: accuracy-benchmark TOKENS TEXT.txt FILE.gguf [REFERENCE-F32.gguf]")
            return
        }
        let threads = ProcessInfo.processInfo.activeProcessorCount
        let files = try GGUFModelFiles(path: arguments[2])
        let fast = try llama(files, threads: threads, isBatchInvariant: false)
        let invariant = try llama(files, threads: threads, isBatchInvariant: true)
        let ours = try native(files, threads: threads)
        let reference = try arguments.dropFirst(3).first.map {
            try native(GGUFModelFiles(path: $0), threads: threads)
        }
        let text = try String(contentsOfFile: arguments[1], encoding: .utf8)
        let tokens = try LlamaTokenizer(vocabulary: fast.model.vocabulary).tokens(
            of: String(text.prefix(12 * count + 20_000)), addSpecial: false, parseSpecial: false)

        var all = Comparison(names: ["native", "llama.cpp", "llama.cpp invariant", "F32"])
        var start = 0
        while all.count < count, start + context <= tokens.count {
            let piece = tokens[start..<start + context]
            var rows = [try laws(ours, piece), try laws(fast, piece), try laws(invariant, piece)]
            if let reference { rows.append(try laws(reference, piece)) }
            all.add(rows, Array(piece.dropFirst(warmUp + 1)))
            start += context
        }
        print(all.report)
    }

    private static func native(_ files: GGUFModelFiles, threads: Int) throws -> NativeLevel {
        let pool = WorkerPool(threads: threads)
        var options = NativeOptions()
        options.threads = threads
        options.contextSize = context
        return try NativeLevel(
            model: NativeModel(files, pool: pool), pool: pool, options: options)
    }

    private static func llama(
        _ files: GGUFModelFiles, threads: Int, isBatchInvariant: Bool
    ) throws -> LlamaLevel {
        var options = LlamaOptions()
        options.threads = threads
        options.contextSize = context
        options.isBatchInvariant = isBatchInvariant
        return try LlamaLevel(model: LlamaModel(files, options: options))
    }

    /// What is kept of the law after each token from `warmUp` on, but for the last.
    private static func laws(
        _ level: some LanguageModel, _ piece: ArraySlice<TokenID>
    ) throws -> [LawSummary] {
        try level.rewind(0, to: 0)
        let wanted = context - warmUp
        try level.forward([
            ForwardRequest(sequence: 0, position: 0, tokens: piece, wantedRows: wanted)
        ])
        let next = piece.dropFirst(warmUp + 1)
        return zip(0..<wanted - 1, next).map { row, token in
            level.withLogits(request: 0, row: row) { LawSummary($0, next: Int(token)) }
        }
    }
}
