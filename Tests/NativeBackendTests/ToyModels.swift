import GGUFTestSupport

extension RandomTransformer {
    /// A transformer whose widths are multiples of 32 but not of 256, for types with blocks of up
    /// to 32 weights.
    static func narrow(_ architecture: String, _ type: WeightType) -> RandomTransformer {
        var sizes = ToyTransformer(architecture)
        sizes.width = 96
        sizes.feedForward = 160
        sizes.vocabulary = 517
        switch architecture {
        case "llama": (sizes.heads, sizes.keyValueHeads, sizes.headSize) = (6, 2, 16)
        case "qwen2": (sizes.heads, sizes.keyValueHeads, sizes.headSize) = (9, 3, 32)
        default: (sizes.heads, sizes.keyValueHeads, sizes.headSize) = (4, 2, 64)
        }
        return RandomTransformer(sizes, type)
    }

    /// A transformer whose widths are multiples of 256, for any type.
    static func wide(_ architecture: String, _ type: WeightType) -> RandomTransformer {
        var sizes = ToyTransformer(architecture)
        sizes.width = 256
        sizes.feedForward = 512
        sizes.vocabulary = 517
        switch architecture {
        case "llama": (sizes.heads, sizes.keyValueHeads, sizes.headSize) = (4, 2, 64)
        case "qwen2": (sizes.heads, sizes.keyValueHeads, sizes.headSize) = (8, 2, 32)
        default: (sizes.heads, sizes.keyValueHeads, sizes.headSize) = (16, 1, 16)
        }
        return RandomTransformer(sizes, type)
    }

    /// The smallest transformer for a type.
    static func small(_ architecture: String, _ type: WeightType) -> RandomTransformer {
        type.blockSize == 256 ? wide(architecture, type) : narrow(architecture, type)
    }

    /// Three that together have every type, tied and own heads, biases, norms of heads and rope
    /// factors.
    static let mixed: [RandomTransformer] = {
        var llama = wide("llama", .q4K)
        llama.types = ["attn_v": .q6K, "ffn_down": .q5K, "token_embd": .q6K, "attn_output": .q50]
        llama.sizes.hasOutput = false
        llama.hasRopeFactors = true
        llama.ropeBase = 500_000
        var qwen2 = narrow("qwen2", .q80)
        qwen2.types = ["attn_v": .q51, "ffn_down": .q41, "ffn_up": .q50, "output": .f16]
        var qwen3 = narrow("qwen3", .f32)
        qwen3.types = ["attn_k": .q40, "ffn_down": .bf16, "ffn_gate": .q40]
        return [llama, qwen2, qwen3]
    }()
}
