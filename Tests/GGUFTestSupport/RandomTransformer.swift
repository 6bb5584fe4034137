/// A small transformer with random weights, and the file that it makes: two of the same seed and
/// sizes are the same.
package struct RandomTransformer: Sendable, CustomStringConvertible {
    /// The sizes; heads and widths are multiples of 16 that the types' blocks divide.
    package var sizes: ToyTransformer
    /// The type of the matrices.
    package var type: WeightType
    /// Other types of some matrices, by the part of their names such as `ffn_down`.
    package var types: [String: WeightType] = [:]
    /// Whether projections have biases that the architecture does not ask for.
    package var hasBiases = false
    package var hasRopeFactors = false
    package var ropeScalingFactor: Float?
    package var ropeBase: Float = 10_000
    package var contextSize = 512
    package var seed: UInt64 = 1

    package init(_ sizes: ToyTransformer, _ type: WeightType) {
        self.sizes = sizes
        self.type = type
    }

    package var description: String {
        let mixed = types.values.map { "+\($0)" }.sorted().joined()
        return "\(sizes.architecture) \(type)\(mixed) width \(sizes.width), "
            + "\(sizes.heads)/\(sizes.keyValueHeads) heads of \(sizes.headSize)"
    }

    /// The file.
    package func writer() -> GGUFWriter {
        var writer = sizes.writer()
        let prefix = sizes.architecture
        writer.set("\(prefix).context_length", .uint32(UInt32(contextSize)))
        writer.set("\(prefix).rope.freq_base", .float32(ropeBase))
        if let ropeScalingFactor {
            writer.set("\(prefix).rope.scaling.type", .string("linear"))
            writer.set("\(prefix).rope.scaling.factor", .float32(ropeScalingFactor))
        }
        if hasRopeFactors { writer.addTensor("rope_freqs.weight", [sizes.headSize / 2]) }
        if hasBiases { addBiases(to: &writer) }
        var random = SplitMix(state: seed)
        for index in writer.tensors.indices { fill(&writer.tensors[index], using: &random) }
        return writer
    }

    private func addBiases(to writer: inout GGUFWriter) {
        let keyValue = sizes.keyValueHeads * sizes.headSize
        var biases = [("attn_output.bias", sizes.width)]
        if sizes.architecture != "qwen2" {
            biases += [
                ("attn_q.bias", sizes.heads * sizes.headSize), ("attn_k.bias", keyValue),
                ("attn_v.bias", keyValue),
            ]
        }
        for layer in 0..<sizes.layers {
            for (name, size) in biases { writer.addTensor("blk.\(layer).\(name)", [size]) }
        }
    }

    private func fill(_ tensor: inout GGUFWriter.Tensor, using random: inout SplitMix) {
        let count = Int(tensor.dimensions.reduce(1, *))
        guard tensor.dimensions.count == 2 else {
            tensor.data = vector(tensor.name, count: count, using: &random)
            return
        }
        let part = tensor.name.split(separator: ".").dropLast().last ?? ""
        let written = types[String(part)] ?? type
        // Products of rows with a mean square of 1 have about that too.
        let isSource = tensor.name.hasPrefix("token_embd") && sizes.hasOutput
        let deviation = isSource ? 1 : 1 / Double(tensor.dimensions[0]).squareRoot()
        tensor.type = written.number
        tensor.data = written.randomBytes(count: count, deviation: deviation, using: &random)
    }

    /// Norms and factors around 1, biases around 0.
    private func vector(_ name: String, count: Int, using random: inout SplitMix) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<count {
            let value = Float.random(in: -0.5...0.5, using: &random)
            let isFactor = name.hasPrefix("rope_freqs")
            let shown = name.hasSuffix("bias") ? value : isFactor ? 2 + 3 * value : 1 + value
            bytes.append(integer: shown.bitPattern)
        }
        return bytes
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014).
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
