import BackendTestSupport
import Foundation
import GGUF
import GGUFTestSupport
import LlamaBackend
import PyramidDecoding
import Testing

@Suite struct LoadingTests {
    private func path(_ writer: GGUFWriter, _ name: String = UUID().uuidString) throws -> String {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("pyramid-loading-tests")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appendingPathComponent(name + ".gguf")
        try Data(writer.bytes()).write(to: file)
        return file.path
    }

    /// A Mamba model of one layer, whose memory is a recurrent state.
    private var mamba: GGUFWriter {
        var writer = GGUFWriter()
        writer.set("general.architecture", .string("mamba"))
        writer.set("mamba.context_length", .uint32(256))
        writer.set("mamba.embedding_length", .uint32(16))
        writer.set("mamba.feed_forward_length", .uint32(0))
        writer.set("mamba.attention.head_count", .uint32(0))
        writer.set("mamba.block_count", .uint32(1))
        writer.set("mamba.ssm.conv_kernel", .uint32(4))
        writer.set("mamba.ssm.inner_size", .uint32(32))
        writer.set("mamba.ssm.state_size", .uint32(8))
        writer.set("mamba.ssm.time_step_rank", .uint32(4))
        writer.set("mamba.attention.layer_norm_rms_epsilon", .float32(1e-5))
        writer.set("mamba.vocab_size", .uint32(32))
        writer.set("tokenizer.ggml.model", .string("no_vocab"))
        writer.addTensor("token_embd.weight", [16, 32])
        writer.addTensor("output_norm.weight", [16])
        writer.addTensor("blk.0.attn_norm.weight", [16])
        writer.addTensor("blk.0.ssm_in.weight", [16, 64])
        writer.addTensor("blk.0.ssm_conv1d.weight", [4, 32])
        writer.addTensor("blk.0.ssm_conv1d.bias", [32])
        writer.addTensor("blk.0.ssm_x.weight", [32, 20])
        writer.addTensor("blk.0.ssm_dt.weight", [4, 32])
        writer.addTensor("blk.0.ssm_dt.bias", [32])
        writer.addTensor("blk.0.ssm_a", [8, 32])
        writer.addTensor("blk.0.ssm_d", [32])
        writer.addTensor("blk.0.ssm_out.weight", [32, 16])
        return writer
    }

    @Test("A recurrent model is refused, because its memory cannot drop its last tokens")
    func recurrent() throws {
        let options = LlamaOptions()
        let model = try LlamaModel(path: try path(mamba), options: options)
        let error = #expect(throws: LlamaError.self) {
            try LlamaLevel(model: model)
        }
        #expect(error?.code == .cannotRewind)
        #expect(error?.message.contains("mamba") == true)
    }

    @Test("An architecture that llama.cpp does not know is named")
    func unknownArchitecture() throws {
        var writer = GGUFWriter()
        writer.set("general.architecture", .string("gutenberg"))
        writer.addTensor("token_embd.weight", [16, 32])
        let path = try path(writer)
        let error = #expect(throws: LlamaError.self) {
            try LlamaModel(path: path, options: LlamaOptions())
        }
        #expect(error?.code == .modelNotLoaded)
        #expect(error?.message.contains("gutenberg") == true)
    }

    @Test(
        "A prompt round-trips through the tokenizer, and tokens outside the vocabulary are empty",
        .needsModel)
    func tokenizer() throws {
        let files = try GGUFModelFiles(path: try RealModel.path)
        let tokenizer = LlamaTokenizer(vocabulary: try LlamaVocabulary(files))
        let text = "Hello, wörld! 日本語 😀\n\tfunc f() {}"
        let tokens = try tokenizer.tokens(of: text, addSpecial: false, parseSpecial: false)
        let bytes = tokens.flatMap { tokenizer.bytes(of: $0) }
        #expect(String(decoding: bytes, as: UTF8.self) == text)
        #expect(tokenizer.bytes(of: -1) == [])
        #expect(tokenizer.bytes(of: 10_000_000) == [])
        #expect(try tokenizer.tokens(of: "", addSpecial: false, parseSpecial: false) == [])
        #expect(!tokenizer.endTokens.isEmpty)
        let marker = try tokenizer.tokens(
            of: "<|im_end|>", addSpecial: false, parseSpecial: true)
        #expect(marker.count == 1 && tokenizer.endTokens.contains(marker[0]))
        #expect(tokenizer.spelling(of: marker[0]) == "<|im_end|>")
    }

    @Test("A vocabulary alone is the same as the one beside the weights", .needsModel)
    func vocabulary() throws {
        let files = try GGUFModelFiles(path: try RealModel.path)
        let alone = try LlamaVocabulary(files)
        let loaded = try LlamaModel(files, options: LlamaOptions()).vocabulary
        #expect(alone.size == loaded.size)
        let tokenizers = [alone, loaded].map { LlamaTokenizer(vocabulary: $0) }
        #expect(tokenizers[0].endTokens == tokenizers[1].endTokens)
        for token in 0..<Int32(loaded.size) {
            #expect(tokenizers[0].bytes(of: token) == tokenizers[1].bytes(of: token))
        }
        #expect(alone.chatTemplateSource?.contains("messages") == true)
        #expect(alone.chatTemplateSource == loaded.chatTemplateSource)
        #expect(alone.beginToken == loaded.beginToken && alone.endToken == loaded.endToken)
    }

    @Test("Weights for which it is not known are not promised to be invariant", .needsModel)
    func unknownInvariance() throws {
        var options = LlamaOptions()
        options.isBatchInvariant = false
        let model = try LlamaModel(path: try RealModel.path, options: options)
        #expect(model.batchInvariance == .unknown(reason: "switched off for speed"))
    }

    @Test("What llama.cpp aborts on is refused, also where only the vocabulary is loaded")
    func guards() throws {
        for alone in [true, false] {
            var layers = twins
            layers.set("llama.block_count", .uint32(1 << 20))
            #expect(try refusal(layers, vocabularyOnly: alone).contains("1048576 layers"))
            #expect(try refusal(twins, vocabularyOnly: alone).contains("same text \"yes\""))
        }
    }

    /// A vocabulary with a text twice.
    private var twins: GGUFWriter {
        var writer = GGUFWriter()
        writer.set("general.architecture", .string("llama"))
        writer.set("tokenizer.ggml.model", .string("gpt2"))
        writer.set("tokenizer.ggml.tokens", .strings(["yes", "no", "yes"]))
        writer.addTensor("token_embd.weight", [16, 3])
        return writer
    }

    private func refusal(_ writer: GGUFWriter, vocabularyOnly: Bool) throws -> String {
        let files = try GGUFModelFiles(path: try path(writer))
        let error = #expect(throws: LlamaError.self) {
            if vocabularyOnly {
                _ = try LlamaVocabulary(files)
            } else {
                _ = try LlamaModel(files, options: LlamaOptions())
            }
        }
        return error?.message ?? ""
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips a test where the real model is missing.
    static var needsModel: Self {
        .enabled(if: RealModel.isThere, Comment(rawValue: RealModel.skipReason))
    }
}
