import GGUF

/// The weights of one transformer layer.
struct LayerWeights: Sendable {
    /// A matrix and what is added to its products.
    struct Projection: Sendable {
        var matrix: PackedMatrix
        var bias: FloatVector?
    }

    var attentionNorm: FloatVector
    var query: Projection
    var key: Projection
    var value: Projection
    /// Norms of each head of the queries and keys (Qwen3).
    var queryNorm: FloatVector?
    var keyNorm: FloatVector?
    var attentionOutput: Projection
    var feedForwardNorm: FloatVector
    var gate: PackedMatrix
    var up: PackedMatrix
    var down: PackedMatrix

    init(_ tensors: TensorLoader, layer: Int) throws(NativeError) {
        let prefix = "blk.\(layer)."
        func projection(_ name: String) throws(NativeError) -> Projection {
            Projection(
                matrix: try tensors.matrix(prefix + name + ".weight"),
                bias: tensors.vectorIfPresent(prefix + name + ".bias"))
        }
        attentionNorm = try tensors.vector(prefix + "attn_norm.weight")
        query = try projection("attn_q")
        key = try projection("attn_k")
        value = try projection("attn_v")
        queryNorm = tensors.vectorIfPresent(prefix + "attn_q_norm.weight")
        keyNorm = tensors.vectorIfPresent(prefix + "attn_k_norm.weight")
        attentionOutput = try projection("attn_output")
        feedForwardNorm = try tensors.vector(prefix + "ffn_norm.weight")
        gate = try tensors.matrix(prefix + "ffn_gate.weight")
        up = try tensors.matrix(prefix + "ffn_up.weight")
        down = try tensors.matrix(prefix + "ffn_down.weight")
    }
}

/// Finds and packs the tensors of a file whose shape was checked.
struct TensorLoader {
    let files: GGUFModelFiles
    let pool: WorkerPool

    func matrix(_ name: String) throws(NativeError) -> PackedMatrix {
        try PackedMatrix(try tensor(name), pool: pool)
    }

    func vector(_ name: String) throws(NativeError) -> FloatVector {
        FloatVector(try tensor(name))
    }

    func vectorIfPresent(_ name: String) -> FloatVector? {
        files.storedTensor(named: name).map(FloatVector.init)
    }

    private func tensor(_ name: String) throws(NativeError) -> StoredTensor {
        guard let tensor = files.storedTensor(named: name) else {
            throw NativeError(.modelNotLoaded, "\(files.path): tensor \(name) is missing")
        }
        return tensor
    }
}
