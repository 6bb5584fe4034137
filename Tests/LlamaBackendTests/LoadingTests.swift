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

    @Test("Levels without a model at the top are refused")
    func noTarget() {
        #expect(throws: ConfigurationError.self) {
            try LlamaPyramid(levels: [.ngram], options: LlamaOptions())
        }
        #expect(throws: ConfigurationError.self) {
            try LlamaPyramid(levels: [], options: LlamaOptions())
        }
    }

    @Test(
        "Levels that cannot fit into memory are refused before anything is loaded",
        .enabled(if: RealModel.isThere, RealModel.skipReason))
    func memory() throws {
        let path = try #require(RealModel.path)
        let options = RealModel.options(sequences: 64, context: 100_000_000)
        let error = #expect(throws: LlamaError.self) {
            try LlamaPyramid(levels: [.file(path: path)], options: options)
        }
        #expect(error?.code == .notEnoughMemory)
        #expect(error?.message.contains("KV cache") == true)
    }

    @Test(
        "The memory plan counts a shared file once and comes near what is really used",
        .enabled(if: RealModel.isThere, RealModel.skipReason))
    func plan() throws {
        let path = try #require(RealModel.path)
        let file = try GGUFModelFiles(path: path)
        let plan = MemoryPlan([file, file], options: RealModel.options(context: 2048))
        #expect(plan.levels[0].weightBytes > 90_000_000 && plan.levels[0].weightBytes < 99_000_000)
        #expect(plan.levels[1].weightBytes == 0)
        // 30 layers x 3 KV heads x 2 x 64 elements, 34 bytes per 32.
        #expect(plan.levels[1].cacheBytes == 11_520 * 34 / 32 * 2048)
    }

    @Test(
        "A prompt round-trips through the tokenizer, and tokens outside the vocabulary are empty",
        .enabled(if: RealModel.isThere, RealModel.skipReason))
    func tokenizer() throws {
        let options = RealModel.options()
        let model = try LlamaModel(path: try #require(RealModel.path), options: options)
        let tokenizer = LlamaTokenizer(model: model)
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
}
