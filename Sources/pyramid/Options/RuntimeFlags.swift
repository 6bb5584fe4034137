import ArgumentParser
import Foundation
import LlamaBackend
import Logging

/// How the models are run.
struct RuntimeFlags: ParsableArguments {
    @Option(
        name: [.short, .long], parsing: .unconditional,
        help: """
            Tokens of context; 0 takes what the model was trained for. (default: that, but at \
            most 4096)
            """)
    var ctxSize: Int?

    @Option(
        name: [.short, .long], parsing: .unconditional, help: "Threads. (default: all cores)")
    var threads: Int?

    @Option(
        name: [.customLong("ngl", withSingleDash: true), .customLong("n-gpu-layers")],
        parsing: .unconditional, help: "Layers on the GPU; -1 is all.")
    var gpuLayers = 0

    @Option(
        help: ArgumentHelp(
            """
            invariant: a token's logits have the same bits in any batch, so exact text is \
            identical to plain decoding; fast: llama.cpp's faster kernels, exact up to ties.
            """, valueName: "invariant|fast"))
    var numerics = "invariant"

    @Flag(name: [.short, .long], help: "Print llama.cpp's log.")
    var verbose = false

    func validate() throws {
        guard ["invariant", "fast"].contains(numerics) else {
            throw ValidationError("Unknown --numerics '\(numerics)'; known: invariant, fast")
        }
        guard (ctxSize ?? 0) >= 0 else {
            throw ValidationError("--ctx-size \(ctxSize ?? 0) is not 0 or more")
        }
        try Threads.check(threads)
    }

    func llamaOptions() -> LlamaOptions {
        var logger = Logger(label: "llama.cpp") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = verbose ? .debug : .critical
        LlamaRuntime.setLogger(logger)
        var options = LlamaOptions()
        options.contextSize = ctxSize
        options.threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
        options.gpuLayers = gpuLayers
        options.isBatchInvariant = numerics == "invariant"
        return options
    }
}

/// The range of `--threads`.
enum Threads {
    static func check(_ threads: Int?) throws {
        guard let threads, !(1...512).contains(threads) else { return }
        throw ValidationError("--threads \(threads) is not between 1 and 512")
    }
}
