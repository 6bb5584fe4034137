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
        func matrix(_ tensor: LayerTensor) throws(NativeError) -> PackedMatrix {
            try tensors.matrix(tensor.name(layer: layer))
        }
        func vector(_ tensor: LayerTensor) throws(NativeError) -> FloatVector {
            try tensors.vector(tensor.name(layer: layer))
        }
        func optional(_ tensor: LayerTensor) -> FloatVector? {
            tensors.vectorIfPresent(tensor.name(layer: layer))
        }
        attentionNorm = try vector(.attentionNorm)
        query = Projection(matrix: try matrix(.query), bias: optional(.queryBias))
        key = Projection(matrix: try matrix(.key), bias: optional(.keyBias))
        value = Projection(matrix: try matrix(.value), bias: optional(.valueBias))
        queryNorm = optional(.queryNorm)
        keyNorm = optional(.keyNorm)
        attentionOutput = Projection(
            matrix: try matrix(.attentionOutput), bias: optional(.attentionOutputBias))
        feedForwardNorm = try vector(.feedForwardNorm)
        gate = try matrix(.gate)
        up = try matrix(.up)
        down = try matrix(.down)
    }
}
