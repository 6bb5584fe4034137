import CKernels

/// What a forward computes with: rows of activations between the products.
final class Workspace {
    /// The residual stream, `[rows][width]`.
    let stream: UnsafeMutablePointer<Float>
    /// A row of the stream after its norm, `[rows][width]`.
    let normed: UnsafeMutablePointer<Float>
    /// Queries, keys and values of a row side by side, `[rows][projectionStride]`.
    let projections: UnsafeMutablePointer<Float>
    /// What attention gives, `[rows][heads * headSize]`.
    let attended: UnsafeMutablePointer<Float>
    /// The gate and what it lets through, `[rows][feedForwardWidth]`.
    let gate: UnsafeMutablePointer<Float>
    /// What is gated, `[rows][feedForwardWidth]`.
    let up: UnsafeMutablePointer<Float>
    /// A product that is added to the stream, `[rows][width]`.
    let product: UnsafeMutablePointer<Float>
    /// Attention scores of each thread, `[threads][scoreStride]`.
    let scores: UnsafeMutablePointer<Float>
    let scoreStride: Int
    let projectionStride: Int

    private let prepared: [UnsafeMutableRawPointer]
    private let buffers: [PageBuffer]

    init(_ shape: ModelShape, contextSize: Int, threads: Int) throws(NativeError) {
        var buffers: [PageBuffer] = []
        func floats(_ count: Int) throws(NativeError) -> UnsafeMutablePointer<Float> {
            let buffer = try PageBuffer(byteCount: count * 4)
            buffers.append(buffer)
            return buffer.elements(Float.self)
        }
        let rows = NativeLevel.mostRows
        projectionStride = shape.queryWidth + 2 * shape.keyValueWidth
        scoreStride = Self.mostHeads * KeyValueCache.padded(contextSize)
        stream = try floats(rows * shape.width)
        normed = try floats(rows * shape.width)
        projections = try floats(rows * projectionStride)
        attended = try floats(rows * shape.queryWidth)
        gate = try floats(rows * shape.feedForwardWidth)
        up = try floats(rows * shape.feedForwardWidth)
        product = try floats(rows * shape.width)
        scores = try floats(threads * scoreStride)
        let widest = max(shape.width, shape.queryWidth, shape.feedForwardWidth)
        var prepared: [UnsafeMutableRawPointer] = []
        for activation in [CK_FLOATS, CK_BLOCKS_32, CK_BLOCKS_256] {
            let buffer = try PageBuffer(
                byteCount: ck_activation_bytes(activation, rows, (widest + 255) / 256 * 256))
            buffers.append(buffer)
            prepared.append(buffer.start)
        }
        self.prepared = prepared
        self.buffers = buffers
    }

    /// Rows that were prepared for products of one kind.
    func prepared(_ activation: ck_activation) -> UnsafeMutableRawPointer {
        prepared[Int(activation.rawValue)]
    }

    /// The most query heads that one call of the attention kernel takes.
    static let mostHeads = 8
}
