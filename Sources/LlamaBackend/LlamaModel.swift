internal import CLlama
public import GGUF

/// A loaded model: its weights and its vocabulary. Several levels can share one.
public final class LlamaModel {
    let handle: LlamaHandle

    /// The model's file or files.
    public let files: GGUFModelFiles
    /// What the file says of itself.
    public let summary: ModelDescription
    /// How it was loaded, and how its levels run.
    public let options: LlamaOptions
    /// Whether a forward's rows have the same bits in any batch.
    public let batchInvariance: BatchInvariance
    /// The tokens.
    public let vocabulary: LlamaVocabulary
    /// The context that the model was trained for, tokens.
    public let trainedContextSize: Int

    /// Loads a GGUF file, or all parts of a split one, which `path` names by its first.
    ///
    /// - Throws: `GGUFError` when the file is damaged or is no GGUF file, ``LlamaError`` when
    ///   llama.cpp cannot load it.
    public convenience init(path: String, options: LlamaOptions) throws {
        try self.init(GGUFModelFiles(path: path), options: options)
    }

    /// Loads a model whose file or files are open already.
    ///
    /// - Throws: ``LlamaError`` when llama.cpp cannot load it.
    public init(_ files: GGUFModelFiles, options: LlamaOptions) throws(LlamaError) {
        self.files = files
        summary = ModelDescription(files)
        self.options = options
        batchInvariance = BatchInvariance.of(files, under: options)
        // Not only where it is guaranteed: the switch is the process's, and a level beside this
        // one may rely on it.
        LlamaRuntime.start(isBatchInvariant: options.isBatchInvariant)
        var parameters = llama_model_default_params()
        parameters.n_gpu_layers = Int32(clamping: options.gpuLayers)
        parameters.use_extra_bufts =
            !(batchInvariance == .guaranteed && BatchInvariance.needsPlainWeights(files.tensors))
        handle = try Self.handle(files, parameters, options)
        vocabulary = LlamaVocabulary(handle: handle, path: files.path)
        trainedContextSize = Int(llama_model_n_ctx_train(handle.model))
    }

    /// All layers go to the workers unless the options say how many.
    private static func handle(
        _ files: GGUFModelFiles, _ parameters: llama_model_params, _ options: LlamaOptions
    ) throws(LlamaError) -> LlamaHandle {
        guard !options.workers.isEmpty else { return try LlamaHandle(files, parameters) }
        var parameters = parameters
        if options.gpuLayers == 0 { parameters.n_gpu_layers = -1 }
        // A list that ends with a null pointer, needed only while the model is loaded.
        var devices: [ggml_backend_dev_t?] = try LlamaWorkers.devices(of: options.workers) + [nil]
        return try devices.withUnsafeMutableBufferPointer { devices throws(LlamaError) in
            parameters.devices = devices.baseAddress
            return try LlamaHandle(files, parameters)
        }
    }

    /// The number of tokens, which is the number of logits in a row.
    public var vocabularySize: Int { vocabulary.size }
}
