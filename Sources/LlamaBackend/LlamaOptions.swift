/// How a level is loaded and run.
public struct LlamaOptions: Sendable, Codable, Equatable {
    /// The most tokens of a sequence, prompt included; 0 takes what the model was trained for.
    /// Default `nil`: that, but at most 4096.
    public var contextSize: Int?
    /// How many sequences can run at the same time. Default 1.
    public var sequenceCapacity = 1
    /// The most rows of logits in one native decode; more are split. Default 64.
    public var rowCapacity = 64
    /// The most tokens in one native decode; more are split. Default 512.
    public var batchSize = 512
    /// Threads per forward. Default 4, as llama.cpp's; set it to the number of cores.
    public var threads = 4
    /// Layers on a GPU; 0 is none, negative is all. Default 0.
    public var gpuLayers = 0
    /// RPC workers that share the layers; then all layers are theirs unless ``gpuLayers`` says how
    /// many. Default none.
    public var workers: [WorkerAddress] = []
    /// Uses the settings under which a row's bits do not depend on the batch, where they exist;
    /// `false` is faster for some files. Default true.
    public var isBatchInvariant = true

    /// The defaults.
    public init() {}

    /// The context for a model that was trained for `trained` tokens.
    package func contextSize(trained: Int) -> Int {
        switch contextSize {
        case nil: min(4096, trained)
        case 0: trained
        case .some(let size): size
        }
    }

    /// Whether some layers run on a GPU: they were asked for, and this llama.cpp knows one.
    package var usesGPU: Bool { gpuLayers != 0 && LlamaRuntime.hasGPU }
}
