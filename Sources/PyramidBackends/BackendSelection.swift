public import GGUF
public import LlamaBackend
internal import NativeBackend

/// The backend that a model's file gets, and why.
public struct BackendSelection: Sendable, CustomStringConvertible {
    /// The model's file or files.
    public let files: GGUFModelFiles
    /// Who computes it.
    public let backend: Backend
    /// The RPC workers that compute it; none for a level that runs here.
    public let workers: [WorkerAddress]
    /// Why, in a few words.
    public let reason: String

    /// The backend of a file under these options.
    ///
    /// - Throws: ``LoadingError`` when the native backend was asked for and cannot run the file.
    public init(
        _ files: GGUFModelFiles, options: ModelOptions, workers: [WorkerAddress] = []
    ) throws(LoadingError) {
        try self.init(
            files, options.backend, usesGPU: options.llama().usesGPU, workers: workers)
    }

    /// - Parameters:
    ///   - usesGPU: Whether layers are to run on a GPU that is there.
    ///   - workers: The RPC workers that are to compute it.
    package init(
        _ files: GGUFModelFiles, _ choice: BackendChoice, usesGPU: Bool,
        workers: [WorkerAddress] = []
    ) throws(LoadingError) {
        self.files = files
        self.workers = workers
        let obstacle =
            choice == .llama ? nil : Self.obstacle(files, usesGPU: usesGPU, workers: workers)
        switch (choice, obstacle) {
        case (.llama, _):
            backend = .llama
            reason = "asked for with --backend"
        case (.auto, .some(let obstacle)):
            backend = .llama
            reason = obstacle
        case (.native, .some(let obstacle)):
            throw LoadingError(
                .unsupported,
                "\(files.path): not for the native backend: \(obstacle); use --backend auto, "
                    + "which leaves such levels to llama.cpp")
        case (.auto, nil) where !InstructionSet.hasFast:
            backend = .llama
            reason = "this CPU has neither AVX2 nor ARM's dot products"
        case (_, nil):
            backend = .native
            reason = Self.content(files)
        }
    }

    /// One line, such as `native: qwen2, Q4_K and Q6_K`.
    public var description: String { "\(backend.rawValue): \(reason)" }

    /// Whether a forward's rows have the same bits in any batch; native ones always do.
    public func batchInvariance(under options: ModelOptions) -> BatchInvariance {
        switch backend {
        case .native: .guaranteed
        case .llama: BatchInvariance.of(files, under: options.llama(workers: workers))
        }
    }

    /// The path of the model's only file or of its first.
    var path: String { files.path }

    /// The same for levels that share their weights.
    var identity: String { Self.identity(path, workers) }

    /// The identity of a file on these workers.
    static func identity(_ path: String, _ workers: [WorkerAddress]) -> String {
        ([path] + workers.map(\.description)).joined(separator: "\0")
    }

    /// What stands against the native backend; `nil` when nothing does.
    private static func obstacle(
        _ files: GGUFModelFiles, usesGPU: Bool, workers: [WorkerAddress]
    ) -> String? {
        guard workers.isEmpty else {
            return "it runs on \(workers.map(\.description).joined(separator: ", ")) (--rpc)"
        }
        guard !usesGPU else { return "layers run on a GPU (-ngl)" }
        switch NativeSupport.of(files) {
        case .supported: return nil
        case .unsupported(let reason): return reason
        }
    }

    /// The architecture and the types of the matrices, the one with the most bytes first.
    private static func content(_ files: GGUFModelFiles) -> String {
        let model = ModelDescription(files)
        let inMatrices = Set(files.tensors.filter { $0.dimensions.count > 1 }.map(\.type))
        let types = model.tensorTypeShares.map(\.type).filter(inMatrices.contains).map(\.name)
        let list = types.dropLast().joined(separator: ", ")
        return "\(model.architecture ?? "unknown"), "
            + (list.isEmpty ? "" : list + " and ") + (types.last ?? "no matrices")
    }
}
