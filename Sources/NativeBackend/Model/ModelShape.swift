package import GGUF

/// The hyperparameters of a dense decoder-only transformer that this backend computes.
///
/// Invariant: the model's files hold exactly the tensors that ``layers`` and the flags promise,
/// each with the dimensions of ``dimensions(of:)`` and a type that the backend reads, and state
/// nothing else that would change the forward. llama.cpp computes the same from the same files:
/// a file that it would load differently is refused.
package struct ModelShape: Sendable, Equatable {
    /// The architectures, named as in `general.architecture`.
    package enum Architecture: String, Sendable, CaseIterable {
        case llama, qwen2, qwen3
    }

    /// Which two elements of a head are rotated together.
    package enum RopeOrder: Sendable {
        /// Elements 2i and 2i + 1, as ggml's "norm".
        case pairs
        /// Elements i and i + ``ModelShape/rotatedSize`` / 2, as ggml's "neox".
        case halves
    }

    /// The family.
    package let architecture: Architecture
    /// The number of layers, 1 to 512.
    package let layerCount: Int
    /// The elements of the residual stream, a multiple of 16.
    package let width: Int
    /// The elements between a feed-forward network's two matrices, a multiple of 16.
    package let feedForwardWidth: Int
    /// The query heads of every layer, a multiple of ``keyValueHeadCount``.
    package let headCount: Int
    /// The key-value heads of every layer.
    package let keyValueHeadCount: Int
    /// The elements of a query, key or value head: a multiple of 16, at most 256.
    package let headSize: Int
    /// The elements of a head that are rotated: all of them, as llama.cpp demands too.
    package var rotatedSize: Int { headSize }
    /// Pair i is rotated by position x ``ropeFrequencyScale`` x base^(-2i / ``rotatedSize``)
    /// radians, divided by factor i where the model ``hasRopeFactors``.
    package let ropeBase: Float
    /// What positions are multiplied by, 1 unless the file says otherwise.
    package let ropeFrequencyScale: Float
    /// Whether the model has ``ModelTensor/ropeFactors``.
    package let hasRopeFactors: Bool
    /// What RMS norms add to the mean square.
    package let normEpsilon: Float
    /// The number of tokens, which is the number of logits in a row.
    package let vocabularySize: Int
    /// The context that the model was trained for, tokens.
    package let trainedContextSize: Int
    /// Whether the logits are computed with the token embeddings, for want of an output matrix.
    package let hasTiedHead: Bool
    /// The tensors that each layer has, `[layerCount]`; only biases differ between layers.
    package let layers: [Set<LayerTensor>]

    /// The order in which the architecture rotates.
    package var ropeOrder: RopeOrder { architecture == .llama ? .pairs : .halves }
    /// Whether each query and key head is normed before it is rotated.
    package var hasQueryKeyNorms: Bool { architecture == .qwen3 }
    /// The elements of all query heads of a token.
    package var queryWidth: Int { headCount * headSize }
    /// The elements of all key heads of a token, and of all value heads.
    package var keyValueWidth: Int { keyValueHeadCount * headSize }
    /// What products of queries and keys are multiplied by.
    package var attentionScale: Float { 1 / Float(headSize).squareRoot() }

    /// Reads the shape of a model and checks every tensor's name, dimensions and type against it;
    /// no tensor data is read.
    ///
    /// - Throws: ``NativeError`` with code `unsupported` when the model needs what this backend
    ///   does not compute, `modelNotLoaded` when the file contradicts itself; the message is one
    ///   line that names the value, without the path.
    package init(_ files: GGUFModelFiles) throws(NativeError) {
        let name = files.metadata.text("general.architecture")
        guard let architecture = name.flatMap(Architecture.init) else {
            let known = Architecture.allCases.map(\.rawValue).joined(separator: ", ")
            throw NativeError(
                .unsupported,
                "the architecture is \(name?.shown ?? "not stated"), not one of \(known)")
        }
        let keys = ModelShapeKeys(files.metadata, architecture: architecture)
        try keys.checkNothingElse()
        self.architecture = architecture
        layerCount = try keys.integer("block_count", atMost: 512)
        width = try keys.integer("embedding_length", atMost: 1 << 16)
        trainedContextSize = try keys.integer("context_length", atMost: 1 << 30)
        feedForwardWidth = try keys.integer(
            "feed_forward_length", inEachOf: layerCount, atMost: 1 << 20)
        let headCount = try keys.integer(
            "attention.head_count", inEachOf: layerCount, atMost: 1 << 10)
        self.headCount = headCount
        keyValueHeadCount = try keys.integer(
            "attention.head_count_kv", inEachOf: layerCount, default: headCount, atMost: headCount)
        headSize = try keys.headSize(whole: width / headCount)
        ropeBase = try keys.number("rope.freq_base", default: 10_000)
        ropeFrequencyScale = try keys.ropeFrequencyScale()
        normEpsilon = try keys.number("attention.layer_norm_rms_epsilon")
        vocabularySize = try Self.rowCount(of: .tokenEmbedding, in: files)
        hasTiedHead = files.tensor(named: ModelTensor.output.rawValue) == nil
        hasRopeFactors = files.tensor(named: ModelTensor.ropeFactors.rawValue) != nil
        layers = (0..<layerCount).map { layer in
            Set(LayerTensor.allCases.filter { files.tensor(named: $0.name(layer: layer)) != nil })
        }
        guard headCount.isMultiple(of: keyValueHeadCount) else {
            throw NativeError(
                .modelNotLoaded,
                "\(headCount) query heads cannot share \(keyValueHeadCount) key-value heads")
        }
        try checkLanes()
        try checkTensors(of: files)
    }

    /// The kernels work on sixteen elements at a time.
    private func checkLanes() throws(NativeError) {
        let sizes = [
            ("a residual stream", width), ("a feed-forward network", feedForwardWidth),
        ]
        for (name, size) in sizes where !size.isMultiple(of: 16) {
            throw NativeError(
                .unsupported, "\(name) of \(size) elements: multiples of 16 are computed")
        }
    }
}
