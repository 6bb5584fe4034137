internal import CLlama
public import GGUF

/// A loaded model: its weights and its vocabulary. Several levels can share one.
public final class LlamaModel {
    let pointer: OpaquePointer
    let vocabularyPointer: OpaquePointer

    /// The model's file or files.
    public let files: GGUFModelFiles
    /// What the file says of itself.
    public let summary: ModelDescription
    /// How it was loaded, and how its levels run.
    public let options: LlamaOptions
    /// Whether a forward's rows have the same bits in any batch.
    public let batchInvariance: BatchInvariance
    /// The number of tokens, which is the number of logits in a row.
    public let vocabularySize: Int
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
        let path = files.path
        self.files = files
        summary = ModelDescription(files)
        self.options = options
        try Self.check(files, summary)
        batchInvariance = BatchInvariance.of(files, under: options)
        // Not only where it is guaranteed: the switch is the process's, and a level beside this
        // one may rely on it.
        LlamaRuntime.start(isBatchInvariant: options.isBatchInvariant)
        var parameters = llama_model_default_params()
        parameters.n_gpu_layers = Int32(clamping: options.gpuLayers)
        parameters.use_extra_bufts =
            !(batchInvariance == .guaranteed && BatchInvariance.needsPlainWeights(files.tensors))
        let (loaded, errors) = LlamaRuntime.collectingErrors {
            llama_model_load_from_file(path, parameters)
        }
        guard let loaded else {
            throw LlamaError(
                .modelNotLoaded,
                "\(path): llama.cpp cannot load it (architecture "
                    + "\(summary.architecture ?? "unknown")): "
                    + (errors.isEmpty ? "it gives no reason" : errors)
                    + "; take a file that llama.cpp \(LlamaRuntime.version) can run")
        }
        guard llama_model_has_decoder(loaded), !llama_model_has_encoder(loaded),
            let vocabulary = llama_model_get_vocab(loaded), llama_vocab_n_tokens(vocabulary) > 0
        else {
            llama_model_free(loaded)
            throw LlamaError(
                .modelNotLoaded,
                "\(path): not a decoder-only language model with a vocabulary, so it cannot be a "
                    + "level")
        }
        pointer = loaded
        vocabularyPointer = vocabulary
        vocabularySize = Int(llama_vocab_n_tokens(vocabulary))
        trainedContextSize = Int(llama_model_n_ctx_train(loaded))
    }

    deinit {
        llama_model_free(pointer)
    }

    /// What llama.cpp would end the process on instead of refusing it.
    private static func check(
        _ files: GGUFModelFiles, _ summary: ModelDescription
    ) throws(LlamaError) {
        if let layers = summary.blockCount, !(1...mostLayers).contains(layers) {
            throw LlamaError(
                .modelNotLoaded,
                "\(files.path): the file states \(layers) layers; llama.cpp takes 1 to "
                    + "\(mostLayers), so the file is damaged: fetch it anew")
        }
        // A file may come without a vocabulary; llama.cpp refuses it by itself.
        guard let vocabulary = try? VocabularyDescription(files),
            let twin = vocabulary.firstRepeatedText()
        else { return }
        throw LlamaError(
            .modelNotLoaded,
            "\(files.path): tokens \(twin.first) and \(twin.second) have the same text "
                + "\"\(vocabulary.text(of: twin.first)?.string ?? "")\", so the file is damaged: "
                + "fetch it anew")
    }

    private static let mostLayers = 512
}
