public import GGUF

/// A loaded model: its weights, repacked for the kernels. Several levels can share one.
public final class NativeModel: Sendable {
    /// The model's file or files.
    public let path: String
    /// The number of tokens, which is the number of logits in a row.
    public let vocabularySize: Int
    /// The context that the model was trained for, tokens.
    public let trainedContextSize: Int

    /// Loads a model whose file or files are open already.
    ///
    /// - Throws: ``NativeError`` when the model is not one that this backend computes.
    public init(_ files: GGUFModelFiles, pool: WorkerPool) throws(NativeError) {
        throw NativeError(.unsupported, "not yet")
    }
}
