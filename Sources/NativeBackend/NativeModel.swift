public import GGUF

/// A loaded model: its weights, repacked for the kernels. Several levels can share one.
public final class NativeModel: Sendable {
    /// The path of the model's file, or of its first.
    public let path: String
    /// The number of tokens, which is the number of logits in a row.
    public let vocabularySize: Int
    /// The context that the model was trained for, tokens.
    public let trainedContextSize: Int

    let shape: ModelShape
    let embeddings: PackedMatrix
    let layers: [LayerWeights]
    let outputNorm: FloatVector
    let head: PackedMatrix
    /// What the rotation frequencies are divided by, `[rotatedSize / 2]` (Llama 3.1 and later).
    let rotaryFactors: FloatVector?

    /// Loads a model whose file or files are open already: reads every tensor once, packs it on
    /// all threads, and gives the file's pages back.
    ///
    /// - Throws: ``NativeError`` when the model is not one that this backend computes, its tensors
    ///   contradict its metadata, or memory is short.
    public init(_ files: GGUFModelFiles, pool: WorkerPool) throws(NativeError) {
        let shape = try Self.shape(of: files)
        let tensors = TensorLoader(files: files, pool: pool)
        self.shape = shape
        path = files.path
        vocabularySize = shape.vocabularySize
        trainedContextSize = shape.trainedContextSize
        // The largest first: while a matrix is packed, its part of the file is in memory too.
        embeddings = try tensors.matrix(ModelTensor.tokenEmbedding.rawValue)
        head = shape.hasTiedHead ? embeddings : try tensors.matrix(ModelTensor.output.rawValue)
        var layers: [LayerWeights] = []
        for layer in 0..<shape.layerCount {
            layers.append(try LayerWeights(tensors, layer: layer))
        }
        self.layers = layers
        outputNorm = try tensors.vector(ModelTensor.outputNorm.rawValue)
        rotaryFactors = tensors.vectorIfPresent(ModelTensor.ropeFactors.rawValue)
        // Reading a tensor maps pages of its neighbours again.
        tensors.dropPages()
    }

    /// The shape, whose errors do not name the file by themselves.
    private static func shape(of files: GGUFModelFiles) throws(NativeError) -> ModelShape {
        do {
            return try ModelShape(files)
        } catch {
            throw NativeError(error.code, "\(files.path): \(error.message)")
        }
    }

    /// Bytes that the packed weights take.
    public var byteCount: Int {
        let layered = layers.reduce(0) { sum, layer in
            let matrices = [
                layer.query.matrix, layer.key.matrix, layer.value.matrix,
                layer.attentionOutput.matrix, layer.gate, layer.up, layer.down,
            ]
            return sum + matrices.reduce(0) { $0 + $1.byteCount }
        }
        return layered + embeddings.byteCount + (shape.hasTiedHead ? 0 : head.byteCount)
    }
}
