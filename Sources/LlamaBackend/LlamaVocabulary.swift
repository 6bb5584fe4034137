internal import CLlama
public import GGUF
public import PyramidDecoding

/// A model's tokens and chat template, with or without its weights: what a tokenizer needs,
/// whoever computes the model.
public final class LlamaVocabulary {
    let handle: LlamaHandle
    let path: String

    /// The number of tokens.
    public let size: Int

    /// Loads only the vocabulary of a file, which takes some tens of megabytes at most.
    ///
    /// - Throws: ``LlamaError`` when llama.cpp cannot read it.
    public convenience init(_ files: GGUFModelFiles) throws(LlamaError) {
        // Nothing is computed, so the process's numerics stay open.
        LlamaRuntime.start(isBatchInvariant: false)
        var parameters = llama_model_default_params()
        parameters.vocab_only = true
        parameters.n_gpu_layers = 0
        self.init(handle: try LlamaHandle(files, parameters), path: files.path)
    }

    /// The vocabulary of a model that is loaded.
    init(handle: LlamaHandle, path: String) {
        self.handle = handle
        self.path = path
        size = Int(llama_vocab_n_tokens(handle.vocabulary))
    }

    /// The chat template in the model's file, in Jinja; `nil` where it has none.
    public var chatTemplateSource: String? {
        llama_model_chat_template(handle.model, nil).map { String(cString: $0) }
    }

    /// The token that begins a text; `nil` where there is none.
    public var beginToken: TokenID? { known(llama_vocab_bos(handle.vocabulary)) }

    /// The token that ends a text; `nil` where there is none.
    public var endToken: TokenID? { known(llama_vocab_eos(handle.vocabulary)) }

    /// Whether a token ends a text or a turn.
    func isEnd(_ token: TokenID) -> Bool { llama_vocab_is_eog(handle.vocabulary, token) }

    private func known(_ token: llama_token) -> TokenID? {
        token == LLAMA_TOKEN_NULL ? nil : token
    }
}
