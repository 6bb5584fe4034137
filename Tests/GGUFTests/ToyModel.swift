import GGUFTestSupport

/// A small, complete model file to start tests from.
enum ToyModel {
    static let tokens = ["<unk>", "<s>", "</s>", "a", "b", "Ġc", "日本", "[PAD7]"]

    static func writer(tokens: [String] = tokens, logitCount: Int? = nil) -> GGUFWriter {
        var writer = GGUFWriter()
        writer.set("general.architecture", .string("llama"))
        writer.set("general.name", .string("Toy"))
        writer.set("general.size_label", .string("1K"))
        writer.set("general.license", .string("mit"))
        writer.set("general.file_type", .uint32(15))
        writer.set("llama.context_length", .uint32(128))
        writer.set("llama.block_count", .uint32(2))
        writer.set("llama.embedding_length", .uint32(16))
        writer.set("llama.attention.head_count", .uint32(4))
        writer.set("llama.attention.head_count_kv", .uint32(2))
        writer.set("llama.rope.freq_base", .float32(10000))
        writer.set("tokenizer.ggml.model", .string("gpt2"))
        writer.set("tokenizer.ggml.pre", .string("default"))
        writer.set("tokenizer.ggml.tokens", .strings(tokens))
        writer.set("tokenizer.ggml.token_type", .integers(tokens.map { _ in 1 }))
        writer.set("tokenizer.ggml.bos_token_id", .uint32(1))
        writer.set("tokenizer.ggml.eos_token_id", .uint32(2))
        writer.set("tokenizer.ggml.padding_token_id", .uint32(4_294_967_295))
        writer.set("tokenizer.ggml.add_bos_token", .bool(true))
        writer.set("tokenizer.chat_template", .string("{{ messages }}"))
        writer.set("tokenizer.chat_template.tool_use", .string("{{ tools }}"))
        writer.set(
            "test.nested",
            .array(type: 9, [.integers([1, 2]), .strings(["x", ""]), .array(type: 9, [])]))
        writer.addTensor("token_embd.weight", [16, UInt64(logitCount ?? tokens.count)])
        writer.tensors.append(
            GGUFWriter.Tensor(
                name: "blk.0.attn_q.weight", dimensions: [256, 2], type: 12,
                data: Array(repeating: 7, count: 288)))
        return writer
    }
}
