internal import CLlama
internal import GGUF

/// The owner of one native model: all of a file, or only its vocabulary.
final class LlamaHandle {
    let model: OpaquePointer
    let vocabulary: OpaquePointer

    /// Loads a model whose file or files are open already.
    ///
    /// - Throws: ``LlamaError`` when llama.cpp cannot load it, or would end the process on it.
    init(_ files: GGUFModelFiles, _ parameters: llama_model_params) throws(LlamaError) {
        let path = files.path
        let summary = ModelDescription(files)
        try Self.check(files, summary)
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
        model = loaded
        self.vocabulary = vocabulary
    }

    deinit {
        llama_model_free(model)
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
