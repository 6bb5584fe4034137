import Foundation
import PyramidBackends
import PyramidDecoding
import PyramidEngine

/// Decodes prompts greedily with n-gram, qualifier and target on this package's engine and on
/// llama.cpp, method by method in turn for each prompt, and prints the tokens per second.
@main
struct DecodeBenchmark {
    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.count == 6, let threads = Int(arguments[0]), let count = Int(arguments[1]),
            let tokens = Int(arguments[2]), threads > 0, count > 0, tokens > 0
        else {
            print(
                "usage: decode-benchmark THREADS PROMPTS TOKENS PROMPTS.jsonl TARGET.gguf "
                    + "QUALIFIER.gguf\nEach line of the prompt file has a \"prompt\".")
            return
        }
        let prompts = try Prompt.read(arguments[3]).prefix(count)
        let files = [LevelSource.ngram, .file(path: arguments[5]), .file(path: arguments[4])]
        let engines = [
            try Engine("native", files, threads: threads, .native),
            try Engine("llama.cpp", files, threads: threads, .llama),
        ]
        var totals = methods.map { Total(method: $0) }
        for (number, prompt) in prompts.enumerated() {
            var texts: [[TokenID]] = []
            for index in totals.indices {
                let engine = engines[totals[index].method.engine]
                texts.append(
                    try totals[index].add(engine.run(prompt, totals[index].method, tokens)))
            }
            let native = zip(methods, texts).filter { $0.0.engine == 0 }.map(\.1)
            let isSame = native.allSatisfy { $0 == native[0] }
            let note = isSame ? "" : ": texts differ"
            FileHandle.standardError.write(
                Data("prompt \(number + 1) of \(prompts.count)\(note)\n".utf8))
        }
        print(
            "\n\(prompts.count) prompts, at most \(tokens) tokens, greedy, exact, \(threads) threads"
        )
        for total in totals { print(total.line(to: totals)) }
    }
}

/// A way of decoding.
struct Method {
    var engine: Int
    /// Of the n-gram level and of the qualifier; 0 is off.
    var lookaheads: [Int]

    var name: String {
        var levels: [String] = []
        if lookaheads[0] > 0 { levels.append("ngram \(lookaheads[0])") }
        if lookaheads[1] > 0 { levels.append("qualifier \(lookaheads[1])") }
        return (engine == 0 ? "native: " : "llama.cpp: ")
            + (levels + ["target"]).joined(separator: " -> ")
    }
}

private let methods =
    [[0, 0], [8, 0], [0, 4], [0, 8], [4, 6], [6, 8], [8, 12]].map {
        Method(engine: 0, lookaheads: $0)
    }
    + [[0, 0], [3, 0], [8, 0], [0, 2], [0, 4], [0, 8]].map { Method(engine: 1, lookaheads: $0) }

struct Prompt: Decodable {
    var prompt: String

    static func read(_ path: String) throws -> [Prompt] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
            try JSONDecoder().decode(Prompt.self, from: Data($0.utf8))
        }
    }
}

/// Loaded levels.
struct Engine {
    let loaded: ModelPyramid
    let generator: Generator<ModelLevel>

    init(_ name: String, _ files: [LevelSource], threads: Int, _ backend: BackendChoice) throws {
        var options = ModelOptions()
        options.backend = backend
        options.threads = threads
        options.contextSize = 1024
        // What is fastest for llama.cpp.
        options.isBatchInvariant = false
        loaded = try ModelPyramid(levels: files, options: options)
        generator = Generator(pyramid: loaded.pyramid, tokenizer: loaded.tokenizer)
    }

    func run(_ prompt: Prompt, _ method: Method, _ tokens: Int) throws -> GenerationResult? {
        let ids = try loaded.tokenizer.tokens(
            of: prompt.prompt, addSpecial: true, parseSpecial: false)
        _ = try generator.start(
            GenerationRequest(
                prompt: ids,
                options: DecodingOptions(
                    lookaheads: method.lookaheads, maximumTokens: tokens)))
        var result: GenerationResult?
        while !generator.isIdle {
            try generator.step { _, event in
                if case .finished(let end) = event { result = end }
            }
        }
        return result
    }
}

/// A method's sums over all prompts.
struct Total {
    let method: Method
    private var tokens = 0
    private var decoding = 0.0
    private var prefill = 0.0

    init(method: Method) { self.method = method }

    mutating func add(_ result: GenerationResult?) -> [TokenID] {
        guard let result else { return [] }
        tokens += result.tokens.count
        decoding += result.decodingTime / .seconds(1)
        prefill += result.prefillTime / .seconds(1)
        return result.tokens.map(\.token)
    }

    private var rate: Double { Double(tokens) / decoding }

    func line(to others: [Total]) -> String {
        let plain = others.filter { $0.method.lookaheads == [0, 0] }.map(\.rate)
        let ratios = plain.map { ((rate / $0 * 100).rounded() / 100).formatted() + "x" }
        return "\(method.name): \((rate * 10).rounded() / 10) tokens/s (\(tokens) tokens; prefill "
            + "\((prefill * 10).rounded() / 10) s); to plain native, llama.cpp: "
            + ratios.joined(separator: ", ")
    }
}
