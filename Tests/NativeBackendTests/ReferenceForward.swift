import Foundation
import GGUFTestSupport
import PyramidDecoding

/// A transformer's forward written down from its definition, slow and in double precision:
/// pre-norm layers with rotary positions, grouped-query attention and a gated feed-forward network
/// (Llama 2, arXiv 2307.09288).
struct ReferenceForward {
    /// What the backend rounds on purpose, so that it can be told apart from what is wrong.
    enum Rounding: String, CaseIterable {
        /// Nothing is rounded.
        case none
        /// Keys and values to half floats, and what quantised matrices are multiplied with to
        /// int8 with a scale per block.
        case backend
    }

    private let sizes: ToyTransformer
    private let transformer: RandomTransformer
    private let matrices: [String: Matrix]
    private let vectors: [String: [Double]]
    private let rounding: Rounding

    init(_ transformer: RandomTransformer, rounding: Rounding = .none) {
        sizes = transformer.sizes
        self.transformer = transformer
        self.rounding = rounding
        var matrices: [String: Matrix] = [:]
        var vectors: [String: [Double]] = [:]
        for tensor in transformer.writer().tensors {
            let type = WeightType.allCases.first { $0.number == tensor.type } ?? .f32
            let values = type.values(of: tensor.data)
            if tensor.dimensions.count == 2 {
                let columns = Int(tensor.dimensions[0])
                matrices[tensor.name] = Matrix(type: type, columns: columns, values: values)
            } else {
                vectors[tensor.name] = values
            }
        }
        self.matrices = matrices
        self.vectors = vectors
    }

    /// The logits of every position, `[tokens.count][vocabulary]`.
    func logits(_ tokens: [TokenID]) -> [[Double]] {
        var stream = tokens.map { matrix("token_embd.weight").row(Int($0)) }
        for layer in 0..<sizes.layers {
            let prefix = "blk.\(layer)."
            let attended = attention(prefix, stream.map { norm($0, prefix + "attn_norm.weight") })
            stream = zip(stream, attended).map(sum)
            let fed = stream.map { feedForward(prefix, norm($0, prefix + "ffn_norm.weight")) }
            stream = zip(stream, fed).map(sum)
        }
        let head = sizes.hasOutput ? "output.weight" : "token_embd.weight"
        return stream.map { product(head, norm($0, "output_norm.weight")) }
    }

    // MARK: Attention

    private func attention(_ prefix: String, _ rows: [[Double]]) -> [[Double]] {
        let queries = heads(prefix, "attn_q", rows, count: sizes.heads)
        let keys = heads(prefix, "attn_k", rows, count: sizes.keyValueHeads).map(cached)
        let values = heads(prefix, "attn_v", rows, count: sizes.keyValueHeads).map(cached)
        let group = sizes.heads / sizes.keyValueHeads
        return rows.indices.map { position in
            let mixed = (0..<sizes.heads).flatMap { head in
                mix(
                    queries[position][head],
                    keys: (0...position).map { keys[$0][head / group] },
                    values: (0...position).map { values[$0][head / group] })
            }
            return projection(prefix, "attn_output", mixed)
        }
    }

    /// The heads of each row, normed where the architecture does, queries and keys rotated.
    private func heads(
        _ prefix: String, _ name: String, _ rows: [[Double]], count: Int
    ) -> [[[Double]]] {
        rows.enumerated().map { position, row in
            let all = projection(prefix, name, row)
            return (0..<count).map { head in
                let start = head * sizes.headSize
                var values = Array(all[start..<start + sizes.headSize])
                guard name != "attn_v" else { return values }
                let normName = prefix + name + "_norm.weight"
                if vectors[normName] != nil { values = norm(values, normName) }
                return rotated(values, position: position)
            }
        }
    }

    private func rotated(_ head: [Double], position: Int) -> [Double] {
        var result = head
        let pairs = head.count / 2
        let factors = vectors["rope_freqs.weight"]
        for pair in 0..<pairs {
            let frequency =
                pow(Double(transformer.ropeBase), -2 * Double(pair) / Double(head.count))
                / Double(transformer.ropeScalingFactor ?? 1) / (factors?[pair] ?? 1)
            let angle = Double(position) * frequency
            let isLlama = sizes.architecture == "llama"
            let first = isLlama ? 2 * pair : pair
            let second = isLlama ? first + 1 : pair + pairs
            result[first] = head[first] * cos(angle) - head[second] * sin(angle)
            result[second] = head[first] * sin(angle) + head[second] * cos(angle)
        }
        return result
    }

    private func mix(_ query: [Double], keys: [[Double]], values: [[Double]]) -> [Double] {
        let scores = keys.map { dot($0, query) / Double(query.count).squareRoot() }
        let top = scores.max() ?? 0
        let weights = scores.map { exp($0 - top) }
        let total = weights.reduce(0, +)
        return query.indices.map { index in
            zip(weights, values).reduce(0) { $0 + $1.0 * $1.1[index] } / total
        }
    }

    private func cached(_ heads: [[Double]]) -> [[Double]] {
        rounding == .none ? heads : heads.map { $0.map(HalfFloat.rounded) }
    }

    // MARK: The rest of a layer

    private func feedForward(_ prefix: String, _ row: [Double]) -> [Double] {
        let gate = product(prefix + "ffn_gate.weight", row)
        let up = product(prefix + "ffn_up.weight", row)
        let gated = zip(gate, up).map { $0 / (1 + exp(-$0)) * $1 }
        return product(prefix + "ffn_down.weight", gated)
    }

    private func norm(_ row: [Double], _ name: String) -> [Double] {
        let square = row.reduce(0) { $0 + $1 * $1 } / Double(row.count)
        let scale = 1 / (square + 1e-6).squareRoot()
        return zip(row, vectors[name] ?? []).map { $0 * scale * $1 }
    }

    private func projection(_ prefix: String, _ name: String, _ row: [Double]) -> [Double] {
        let result = product(prefix + name + ".weight", row)
        guard let bias = vectors[prefix + name + ".bias"] else { return result }
        return sum(result, bias)
    }

    private func product(_ name: String, _ row: [Double]) -> [Double] {
        let matrix = matrix(name)
        let isRounded = rounding == .backend && matrix.type.blockSize > 1
        return matrix.product(isRounded ? bytes(row, block: matrix.type.blockSize) : row)
    }

    /// Every block rounded to multiples of the 127th part of its largest magnitude.
    private func bytes(_ row: [Double], block: Int) -> [Double] {
        stride(from: 0, to: row.count, by: block).flatMap { start in
            let values = row[start..<start + block]
            let largest = values.map(\.magnitude).max() ?? 0
            guard largest > 0 else { return Array(values) }
            let step = largest / 127
            return values.map { ($0 / step).rounded(.toNearestOrEven) * step }
        }
    }

    private func matrix(_ name: String) -> Matrix {
        matrices[name] ?? Matrix(type: .f32, columns: 1, values: [])
    }

    private func sum(_ first: [Double], _ second: [Double]) -> [Double] {
        zip(first, second).map { $0 + $1 }
    }
}

/// Rows of dequantised weights.
private struct Matrix {
    var type: WeightType
    var columns: Int
    var values: [Double]

    func row(_ index: Int) -> [Double] { Array(values[index * columns..<(index + 1) * columns]) }

    func product(_ row: [Double]) -> [Double] {
        values.withUnsafeBufferPointer { values in
            (0..<values.count / columns).map { index in
                let weights = values[index * columns..<(index + 1) * columns]
                return dot(UnsafeBufferPointer(rebasing: weights), row)
            }
        }
    }
}

private func dot(_ first: some Sequence<Double>, _ second: [Double]) -> Double {
    zip(first, second).reduce(0) { $0 + $1.0 * $1.1 }
}

/// The root mean square of the differences over that of the reference.
func relativeDifference(_ rows: [LogitRow], _ reference: [[Double]]) -> Double {
    var (error, size) = (0.0, 0.0)
    for (row, expected) in zip(rows, reference) {
        for (value, exact) in zip(row.values, expected) {
            error += (Double(value) - exact) * (Double(value) - exact)
            size += exact * exact
        }
    }
    return (error / size).squareRoot()
}
