public import LlamaBackend
internal import NativeBackend
public import PyramidDecoding

/// How the levels of a pyramid are loaded and run, whoever computes them.
public struct ModelOptions: Sendable, Codable, Equatable {
    /// Who computes the levels. Default `auto`.
    public var backend = BackendChoice.auto
    /// The most tokens of a sequence, prompt included; 0 takes what each model was trained for.
    /// Default `nil`: that, but at most 4096.
    public var contextSize: Int?
    /// How many sequences can run at the same time, at least 1. Default 1.
    public var sequenceCapacity = 1
    /// llama.cpp: the most rows of logits in one decode; more are split. Default 64.
    public var rowCapacity = 64
    /// llama.cpp: the most tokens in one decode; more are split. Default 512.
    public var batchSize = 512
    /// Threads per forward, at least 1. Default 4; set it to the number of cores.
    public var threads = 4
    /// Threads per forward of single levels, bottom first; `nil`, and levels past the end, take
    /// ``threads``. Default empty.
    public var threadsPerLevel: [Int?] = []
    /// llama.cpp: layers on a GPU; 0 is none, negative is all. Default 0.
    public var gpuLayers = 0
    /// llama.cpp: RPC workers of single levels, bottom first; none, and levels past the end, run
    /// here. Default empty.
    public var workersPerLevel: [[WorkerAddress]] = []
    /// llama.cpp: uses the settings under which a row's bits do not depend on the batch, where
    /// they exist; `false` is faster for some files. Native levels always have that property.
    /// Default true.
    public var isBatchInvariant = true

    /// Native: whether the caches take up all their memory at once; llama.cpp's always do. Default
    /// false.
    public var reservesCaches = false

    /// The defaults.
    public init() {}

    /// - Throws: `ConfigurationError` for a number that is out of its range.
    public func validate() throws(ConfigurationError) {
        guard contextSize.map({ $0 >= 0 }) ?? true else {
            throw ConfigurationError("a context of \(contextSize ?? 0) tokens is not 0 or more")
        }
        let counts = [
            ("sequences", sequenceCapacity), ("rows", rowCapacity), ("tokens per batch", batchSize),
        ]
        let threads = ([threads] + threadsPerLevel).compactMap { $0 }.map { ("threads", $0) }
        for (name, count) in counts + threads where count < 1 {
            throw ConfigurationError("\(count) \(name) is not 1 or more")
        }
    }

    /// Threads per forward of a level, which is counted from the bottom.
    public func threads(ofLevel index: Int) -> Int {
        (index < threadsPerLevel.count ? threadsPerLevel[index] : nil) ?? threads
    }

    /// The workers of a level, which is counted from the bottom.
    public func workers(ofLevel index: Int) -> [WorkerAddress] {
        index < workersPerLevel.count ? workersPerLevel[index] : []
    }

    /// What llama.cpp is told of levels with these workers.
    func llama(workers: [WorkerAddress] = []) -> LlamaOptions {
        var options = LlamaOptions()
        options.contextSize = contextSize
        options.sequenceCapacity = sequenceCapacity
        options.rowCapacity = rowCapacity
        options.batchSize = batchSize
        options.threads = threads
        options.gpuLayers = gpuLayers
        options.workers = workers
        options.isBatchInvariant = isBatchInvariant
        return options
    }

    /// What the native backend is told of a level with this many threads.
    func native(threads: Int) -> NativeOptions {
        var options = NativeOptions()
        options.contextSize = contextSize
        options.sequenceCapacity = sequenceCapacity
        options.threads = threads
        options.reservesCaches = reservesCaches
        return options
    }
}
