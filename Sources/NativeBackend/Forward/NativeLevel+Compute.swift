import CKernels

/// The forward of a pre-norm transformer with rotary positions, grouped-query attention and a
/// gated feed-forward network (Llama 2, arXiv 2307.09288, and its relatives).
///
/// Every step works row by row, in an order that depends on the row alone.
extension NativeLevel {
    /// Computes the wanted rows' logits and appends their keys and values to the caches.
    func compute(_ batch: RowBatch) {
        guard batch.count > 0 else { return }
        embed(batch)
        var batch = batch
        for (index, layer) in model.layers.enumerated() {
            computeProjections(batch, layer, index)
            if index == model.layers.count - 1 {
                // Nobody looks at the other rows any more, now that their keys and values are kept.
                batch = keepWanted(batch)
                guard batch.count > 0 else { return }
            }
            attend(batch, layer, index)
            feedForward(batch, layer)
        }
        computeLogits(batch)
    }

    private var shape: ModelShape { model.shape }

    private func embed(_ batch: RowBatch) {
        let (stream, width, embeddings) = (workspace.stream, shape.width, model.embeddings)
        kernels.each(batch.count, grain: 4) { row, _ in
            embeddings.unpack(row: Int(batch.rows[row].token), into: stream + row * width)
        }
    }

    // MARK: Attention

    private func computeProjections(_ batch: RowBatch, _ layer: LayerWeights, _ index: Int) {
        let projections = [layer.query, layer.key, layer.value]
        normStream(rows: batch.count, layer.attentionNorm, for: projections.map(\.matrix))
        project(projections, rows: batch.count)
        cacheKeysAndValues(batch, layer, index)
    }

    /// Moves the rows whose logits are wanted to the front, and drops the others.
    private func keepWanted(_ batch: RowBatch) -> RowBatch {
        let wanted = batch.rows.indices.filter { batch.rows[$0].logits != nil }
        for (place, row) in wanted.enumerated() where place != row {
            let (width, stride) = (shape.width, workspace.projectionStride)
            (workspace.stream + place * width)
                .update(from: workspace.stream + row * width, count: width)
            (workspace.projections + place * stride)
                .update(from: workspace.projections + row * stride, count: shape.queryWidth)
        }
        return RowBatch(rows: wanted.map { batch.rows[$0] })
    }

    private func attend(_ batch: RowBatch, _ layer: LayerWeights, _ index: Int) {
        attendRows(batch, index)
        prepare(
            workspace.attended, columns: shape.queryWidth, rows: batch.count,
            for: [layer.attentionOutput.matrix])
        addProduct(layer.attentionOutput.matrix, layer.attentionOutput.bias, rows: batch.count)
    }

    private func project(_ projections: [LayerWeights.Projection], rows: Int) {
        let (kernels, stride) = (kernels, workspace.projectionStride)
        var products: [Product] = []
        var output = workspace.projections
        for projection in projections {
            products.append(
                Product(
                    projection.matrix, workspace, rows: rows, output: output, stride: stride))
            output += projection.matrix.rows
        }
        kernels.multiply(products) { index, columns in
            guard let bias = projections[index].bias else { return }
            for row in 0..<rows {
                kernels.add(
                    bias.elements + columns.lowerBound,
                    to: products[index].call.output + row * stride + columns.lowerBound,
                    count: columns.count)
            }
        }
    }

    /// Norms and rotates queries and keys, and writes keys and values where attention reads them.
    private func cacheKeysAndValues(_ batch: RowBatch, _ layer: LayerWeights, _ index: Int) {
        let (kernels, shape, caches, rotary) = (kernels, shape, caches, rotary)
        let (projections, stride) = (workspace.projections, workspace.projectionStride)
        let size = shape.headSize
        func turn(
            _ head: UnsafeMutablePointer<Float>, _ norm: FloatVector?,
            _ angles: UnsafePointer<Float>
        ) {
            if let norm {
                kernels.normalize(head, norm, epsilon: shape.normEpsilon, into: head)
            }
            kernels.rotate(head, angles, pairs: rotary.pairs, order: shape.ropeOrder)
        }
        kernels.each(batch.count, grain: 2) { number, _ in
            let row = batch.rows[number]
            let angles = rotary.angles(at: row.position)
            let queries = projections + number * stride
            for head in 0..<shape.headCount {
                turn(queries + head * size, layer.queryNorm, angles)
            }
            let keys = queries + shape.queryWidth
            let values = keys + shape.keyValueWidth
            for head in 0..<shape.keyValueHeadCount {
                turn(keys + head * size, layer.keyNorm, angles)
                kernels.store(
                    key: keys + head * size, value: values + head * size, headSize: size,
                    position: row.position, in: caches[row.sequence].head(head, layer: index))
            }
        }
    }

    private func attendRows(_ batch: RowBatch, _ index: Int) {
        let (kernels, shape, caches) = (kernels, shape, caches)
        let workspace = workspace
        let group = shape.headCount / shape.keyValueHeadCount
        let atOnce = headsAtOnce(group, rows: batch.count)
        let parts = (group + atOnce - 1) / atOnce
        let units = shape.keyValueHeadCount * parts
        kernels.each(batch.count * units) { number, thread in
            let (row, unit) = (batch.rows[number / units], number % units)
            let (head, part) = (unit / parts, unit % parts)
            let first = head * group + part * atOnce
            let cache = caches[row.sequence].head(head, layer: index)
            kernels.attend(
                ck_attention(
                    queries: workspace.projections + number / units * workspace.projectionStride
                        + first * shape.headSize,
                    heads: min(atOnce, group - part * atOnce), headSize: shape.headSize,
                    keys: cache.keys, values: cache.values, length: row.position + 1,
                    scale: shape.attentionScale,
                    scores: workspace.scores + thread * workspace.scoreStride,
                    output: workspace.attended + number / units * shape.queryWidth
                        + first * shape.headSize))
        }
    }

    /// How many query heads share a pass over their keys: all of a group, unless there would then
    /// be less to do than there are threads.
    private func headsAtOnce(_ group: Int, rows: Int) -> Int {
        let units = rows * shape.keyValueHeadCount
        let parts = min(group, (kernels.threads + units - 1) / units)
        return min(Workspace.mostHeads, (group + parts - 1) / parts)
    }

    // MARK: Feed-forward network

    private func feedForward(_ batch: RowBatch, _ layer: LayerWeights) {
        normStream(rows: batch.count, layer.feedForwardNorm, for: [layer.gate, layer.up])
        gate(layer, rows: batch.count)
        prepare(
            workspace.gate, columns: shape.feedForwardWidth, rows: batch.count, for: [layer.down])
        addProduct(layer.down, nil, rows: batch.count)
    }

    private func gate(_ layer: LayerWeights, rows: Int) {
        let (kernels, width) = (kernels, shape.feedForwardWidth)
        let gate = workspace.gate
        let up = workspace.up
        kernels.multiplyPairs(
            Product(layer.gate, workspace, rows: rows, output: gate, stride: width),
            Product(layer.up, workspace, rows: rows, output: up, stride: width)
        ) { columns in
            for row in 0..<rows {
                let start = row * width + columns.lowerBound
                kernels.gate(gate + start, up + start, count: columns.count)
            }
        }
    }

    // MARK: Logits

    private func computeLogits(_ batch: RowBatch) {
        // Rows of a batch that are wanted follow each other in the buffer of logits too.
        guard let output = batch.rows.first?.logits else { return }
        normStream(rows: batch.count, model.outputNorm, for: [model.head])
        let product = Product(
            model.head, workspace, rows: batch.count, output: output,
            stride: model.head.paddedRows)
        kernels.multiply([product]) { _, _ in }
    }

    // MARK: Shared by the parts

    /// Norms the stream and prepares it for products with `matrices`.
    private func normStream(rows: Int, _ norm: FloatVector, for matrices: [PackedMatrix]) {
        let (kernels, workspace, shape) = (kernels, workspace, shape)
        let activations = Self.activations(of: matrices)
        kernels.each(rows, grain: 4) { row, _ in
            let normed = workspace.normed + row * shape.width
            kernels.normalize(
                workspace.stream + row * shape.width, norm, epsilon: shape.normEpsilon,
                into: normed)
            for activation in activations {
                kernels.quantize(
                    activation, normed, columns: shape.width, row: row, rows: rows,
                    into: workspace.prepared(activation))
            }
        }
    }

    /// Prepares rows for products with `matrices`.
    private func prepare(
        _ values: UnsafePointer<Float>, columns: Int, rows: Int, for matrices: [PackedMatrix]
    ) {
        let (kernels, workspace) = (kernels, workspace)
        let activations = Self.activations(of: matrices)
        kernels.each(rows, grain: 2) { row, _ in
            for activation in activations {
                kernels.quantize(
                    activation, values + row * columns, columns: columns, row: row, rows: rows,
                    into: workspace.prepared(activation))
            }
        }
    }

    /// Adds a product with the prepared rows, and a bias, to the stream.
    private func addProduct(_ matrix: PackedMatrix, _ bias: FloatVector?, rows: Int) {
        let (kernels, width) = (kernels, shape.width)
        let (stream, output) = (workspace.stream, workspace.product)
        let product = Product(matrix, workspace, rows: rows, output: output, stride: width)
        kernels.multiply([product]) { _, columns in
            for row in 0..<rows {
                let start = row * width + columns.lowerBound
                if let bias {
                    kernels.add(
                        bias.elements + columns.lowerBound, to: output + start,
                        count: columns.count)
                }
                kernels.add(output + start, to: stream + start, count: columns.count)
            }
        }
    }

    private static func activations(of matrices: [PackedMatrix]) -> [ck_activation] {
        [CK_FLOATS, CK_BLOCKS_32, CK_BLOCKS_256].filter { activation in
            matrices.contains { $0.activation == activation }
        }
    }
}
