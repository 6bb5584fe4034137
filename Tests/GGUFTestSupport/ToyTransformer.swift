/// The sizes of a small dense transformer, and the complete file that it makes.
package struct ToyTransformer {
    package var architecture: String
    package var layers = 2
    package var width = 32
    package var feedForward = 48
    package var heads = 2
    package var keyValueHeads = 1
    package var headSize = 16
    package var vocabulary = 7
    package var hasOutput = true

    package init(_ architecture: String = "llama") { self.architecture = architecture }

    /// The file, with weights of zero: all keys and tensors that the architecture must have, and
    /// for `qwen2` the biases that its models have.
    package func writer() -> GGUFWriter {
        var writer = GGUFWriter()
        writer.set("general.architecture", .string(architecture))
        let sizes = [
            ("block_count", layers), ("embedding_length", width), ("context_length", 64),
            ("feed_forward_length", feedForward), ("attention.head_count", heads),
            ("attention.head_count_kv", keyValueHeads), ("attention.key_length", headSize),
            ("attention.value_length", headSize),
        ]
        for (key, size) in sizes { writer.set("\(architecture).\(key)", .uint32(UInt32(size))) }
        writer.set("\(architecture).attention.layer_norm_rms_epsilon", .float32(1e-6))
        writer.set(
            "tokenizer.ggml.tokens", .strings((0..<vocabulary).map { "token \($0)" }))
        writer.addTensor("token_embd.weight", [width, vocabulary])
        writer.addTensor("output_norm.weight", [width])
        if hasOutput { writer.addTensor("output.weight", [width, vocabulary]) }
        for layer in 0..<layers { addLayer(layer, to: &writer) }
        return writer
    }

    private func addLayer(_ layer: Int, to writer: inout GGUFWriter) {
        let query = heads * headSize
        let keyValue = keyValueHeads * headSize
        var tensors = [
            ("attn_norm.weight", [width]), ("attn_q.weight", [width, query]),
            ("attn_k.weight", [width, keyValue]), ("attn_v.weight", [width, keyValue]),
            ("attn_output.weight", [query, width]), ("ffn_norm.weight", [width]),
            ("ffn_gate.weight", [width, feedForward]), ("ffn_up.weight", [width, feedForward]),
            ("ffn_down.weight", [feedForward, width]),
        ]
        if architecture == "qwen2" {
            tensors += [
                ("attn_q.bias", [query]), ("attn_k.bias", [keyValue]), ("attn_v.bias", [keyValue]),
            ]
        }
        if architecture == "qwen3" {
            tensors += [("attn_q_norm.weight", [headSize]), ("attn_k_norm.weight", [headSize])]
        }
        for (name, dimensions) in tensors {
            writer.addTensor("blk.\(layer).\(name)", dimensions)
        }
    }
}

extension GGUFWriter {
    /// Adds an F32 tensor of zeros.
    package mutating func addTensor(_ name: String, _ dimensions: [Int]) {
        addTensor(name, dimensions.map(UInt64.init))
    }
}
