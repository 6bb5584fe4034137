import ArgumentParser
import Foundation
import LlamaBackend
import Logging
import PyramidBackends

/// How the models are run.
struct RuntimeFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            native: this program's own forward on the CPU, which verifies a few rows for little \
            more than one; auto: native for the files that it knows, llama.cpp for the others, for \
            layers on a GPU and on CPUs without AVX2 or ARM dot products.
            """, valueName: "auto|native|llama.cpp"))
    var backend = "auto"

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
        name: [.customLong("td", withSingleDash: true), .long], parsing: .unconditional,
        help: "Threads of the bottom level. (default: as --threads)")
    var threadsDraft: Int?

    @Option(
        name: [.customLong("tq", withSingleDash: true), .long], parsing: .unconditional,
        help: "Threads of the levels between bottom and target. (default: as --threads)")
    var threadsQualifier: Int?

    @Option(
        name: [.customLong("ngl", withSingleDash: true), .customLong("n-gpu-layers")],
        parsing: .unconditional, help: "Layers on the GPU, by llama.cpp; -1 is all.")
    var gpuLayers = 0

    @Option(
        help: ArgumentHelp(
            """
            RPC workers on which the target runs, by llama.cpp (see 'pyramid help worker'). \
            [LLAMA_ARG_RPC]
            """, valueName: "host:port,..."))
    var rpc: String?

    @Option(
        help: ArgumentHelp("RPC workers of the bottom level.", valueName: "host:port,..."))
    var rpcDraft: String?

    @Option(
        help: ArgumentHelp(
            "RPC workers of the levels between bottom and target.", valueName: "host:port,..."))
    var rpcQualifier: String?

    @Option(
        help: ArgumentHelp(
            """
            For levels on llama.cpp. invariant: a token's logits have the same bits in any batch, \
            so exact text is identical to plain decoding; fast: llama.cpp's faster kernels, exact \
            up to ties. Native levels are always invariant.
            """, valueName: "invariant|fast"))
    var numerics = "invariant"

    @Flag(name: [.short, .long], help: "Print llama.cpp's log.")
    var verbose = false

    func validate() throws {
        _ = try backendChoice()
        guard ["invariant", "fast"].contains(numerics) else {
            throw ValidationError("Unknown --numerics '\(numerics)'; known: invariant, fast")
        }
        guard (ctxSize ?? 0) >= 0 else {
            throw ValidationError("--ctx-size \(ctxSize ?? 0) is not 0 or more")
        }
        try Threads.check(threads)
        try Threads.check(threadsDraft, "--threads-draft")
        try Threads.check(threadsQualifier, "--threads-qualifier")
        for (flag, list) in [
            ("--rpc", rpc), ("--rpc-draft", rpcDraft), ("--rpc-qualifier", rpcQualifier),
        ] {
            _ = try Self.workers(list, flag)
        }
    }

    /// How these levels, bottom first, are run; llama.cpp's log goes where the flags want it.
    func modelOptions(for levels: [LevelSource]) throws -> ModelOptions {
        var logger = Logger(label: "llama.cpp") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = verbose ? .debug : .critical
        LlamaRuntime.setLogger(logger)
        var options = ModelOptions()
        options.backend = try backendChoice()
        options.contextSize = ctxSize
        options.threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
        options.threadsPerLevel = try threadsPerLevel(levels)
        options.gpuLayers = gpuLayers
        options.workersPerLevel = try workersPerLevel(levels)
        options.isBatchInvariant = numerics == "invariant"
        return options
    }

    /// The workers of each level, bottom first; none for one that runs here.
    func workersPerLevel(_ levels: [LevelSource]) throws -> [[WorkerAddress]] {
        let below = levels.dropLast()
        guard rpcDraft == nil || below.first?.path != nil else {
            throw ValidationError("--rpc-draft needs a model at the bottom, below the target")
        }
        guard rpcQualifier == nil || below.count > 1 else {
            throw ValidationError(
                "--rpc-qualifier needs a level between the bottom one and the target")
        }
        let inherited = Environment.variables["LLAMA_ARG_RPC"].flatMap { $0.isEmpty ? nil : $0 }
        return try levels.indices.map { index in
            if index == levels.count - 1 { return try Self.workers(rpc ?? inherited, "--rpc") }
            return index == 0
                ? try Self.workers(rpcDraft, "--rpc-draft")
                : try Self.workers(rpcQualifier, "--rpc-qualifier")
        }
    }

    private static func workers(_ list: String?, _ flag: String) throws -> [WorkerAddress] {
        guard let list else { return [] }
        let workers = try list.split(separator: ",", omittingEmptySubsequences: false).map {
            guard let address = WorkerAddress(String($0)) else {
                throw ValidationError(
                    "\(flag) '\(list)': '\($0)' is not host:port, such as 192.168.0.2:50052")
            }
            return address
        }
        guard Set(workers).count == workers.count else {
            throw ValidationError("\(flag) '\(list)' names a worker twice")
        }
        return workers
    }

    private func backendChoice() throws -> BackendChoice {
        guard let choice = BackendChoice(named: backend) else {
            throw ValidationError("Unknown --backend '\(backend)'; known: auto, native, llama.cpp")
        }
        return choice
    }

    /// A number that no level takes would pass for one that is kept.
    private func threadsPerLevel(_ levels: [LevelSource]) throws -> [Int?] {
        let below = levels.dropLast()
        guard threadsDraft == nil || below.first?.path != nil else {
            throw ValidationError(
                "--threads-draft needs a model at the bottom, below the target")
        }
        guard threadsQualifier == nil || below.count > 1 else {
            throw ValidationError(
                "--threads-qualifier needs a level between the bottom one and the target; a "
                    + "single level below the target takes --threads-draft")
        }
        return below.indices.map { $0 == 0 ? threadsDraft : threadsQualifier }
    }
}

/// The range of `--threads` and its like.
enum Threads {
    static func check(_ threads: Int?, _ flag: String = "--threads") throws {
        guard let threads, !(1...512).contains(threads) else { return }
        throw ValidationError("\(flag) \(threads) is not between 1 and 512")
    }
}
