import GGUF
import GGUFTestSupport
import NativeBackend
import Testing

@Suite("Shapes of models")
struct ModelShapeTests {
    private static let architectures = ["llama", "qwen2", "qwen3"]

    @Test("The three architectures are read", arguments: architectures)
    func values(architecture: String) throws {
        let shape = try ToyTransformer(architecture).shape { writer in
            writer.set("\(architecture).rope.freq_base", .float32(500_000))
            writer.set("\(architecture).vocab_size", .uint32(99))
            writer.set("\(architecture).expert_count", .uint32(0))
            writer.set("\(architecture).use_parallel_residual", .bool(false))
        }
        #expect(shape.architecture.rawValue == architecture)
        #expect(shape.ropeOrder == (architecture == "llama" ? .pairs : .halves))
        #expect(shape.hasQueryKeyNorms == (architecture == "qwen3"))
        #expect([shape.layerCount, shape.layers.count] == [2, 2])
        #expect([shape.width, shape.feedForwardWidth] == [32, 48])
        #expect([shape.headCount, shape.keyValueHeadCount] == [2, 1])
        #expect([shape.headSize, shape.rotatedSize] == [16, 16])
        #expect([shape.queryWidth, shape.keyValueWidth] == [32, 16])
        #expect([shape.vocabularySize, shape.trainedContextSize] == [7, 64])
        #expect([shape.ropeBase, shape.ropeFrequencyScale] == [500_000, 1])
        #expect([shape.normEpsilon, shape.attentionScale] == [1e-6, 1 / Float(16).squareRoot()])
        #expect(!shape.hasTiedHead && !shape.hasRopeFactors)
        for tensors in shape.layers {
            #expect(tensors.contains(.queryBias) == (architecture == "qwen2"))
            #expect(tensors.contains(.valueBias) == (architecture == "qwen2"))
            #expect(tensors.contains(.keyNorm) == (architecture == "qwen3"))
            #expect(tensors.contains(.down) && !tensors.contains(.attentionOutputBias))
        }
    }

    @Test("What a file may leave out has the defaults of llama.cpp", arguments: architectures)
    func defaults(architecture: String) throws {
        var toy = ToyTransformer(architecture)
        toy.keyValueHeads = 2
        toy.hasOutput = false
        let shape = try toy.shape { writer in
            for key in ["head_count_kv", "key_length", "value_length"] {
                writer.remove("\(architecture).attention.\(key)")
            }
            writer.remove("tokenizer.ggml.tokens")
        }
        #expect(shape.hasTiedHead)
        #expect([shape.headSize, shape.keyValueHeadCount] == [16, 2])
        #expect([shape.ropeBase, shape.ropeFrequencyScale] == [10_000, 1])
    }

    @Test("Optional tensors are found where they are")
    func optionalTensors() throws {
        let shape = try ToyTransformer().shape { writer in
            writer.addTensor("rope_freqs.weight", [8])
            writer.addTensor("blk.1.attn_output.bias", [32])
            writer.addTensor("blk.0.attn_k.bias", [16])
        }
        #expect(shape.hasRopeFactors)
        #expect(!shape.layers[0].contains(.attentionOutputBias))
        #expect(shape.layers[1].contains(.attentionOutputBias))
        #expect(shape.layers[0].contains(.keyBias))
        #expect(!shape.layers[1].contains(.keyBias))
    }

    @Test("Linear scaling stretches positions, under either name")
    func linearScaling() throws {
        let cases: [([(String, WrittenValue)], Float)] = [
            ([("scaling.type", .string("linear")), ("scaling.factor", .float32(4))], 0.25),
            ([("scaling.factor", .float32(8))], 0.125),
            ([("scale_linear", .float32(2))], 0.5),
            ([("scaling.factor", .float32(0)), ("scale_linear", .float32(2))], 1),
            ([("scaling.type", .string("none")), ("scaling.factor", .float32(4))], 1),
            ([("scaling.original_context_length", .uint32(32))], 1),
        ]
        for (entries, scale) in cases {
            let shape = try ToyTransformer().shape { writer in
                for (key, value) in entries { writer.set("llama.rope.\(key)", value) }
            }
            #expect(shape.ropeFrequencyScale == scale)
        }
    }

    @Test("An array that repeats one value counts as that value")
    func arrays() throws {
        let shape = try ToyTransformer().shape {
            $0.set("llama.attention.head_count_kv", .integers([1, 1]))
            $0.set("llama.feed_forward_length", .integers([48, 48]))
        }
        #expect([shape.keyValueHeadCount, shape.feedForwardWidth] == [1, 48])
    }

    @Test(
        "Keys that change the forward are refused by name",
        arguments: [
            ("expert_count", WrittenValue.uint32(8)), ("attention.sliding_window", .uint32(4096)),
            ("attention.scale", .float32(0.5)), ("logit_scale", .float32(8)),
            ("residual_scale", .float32(0.2)), ("embedding_scale", .float32(12)),
            ("attn_logit_softcapping", .float32(50)), ("attention.clamp_kqv", .float32(8)),
            ("attention.max_alibi_bias", .float32(8)), ("attention.causal", .bool(false)),
            ("attention.temperature_length", .uint32(9)), ("pooling_type", .uint32(3)),
            ("rope.scaling.type", .string("yarn")), ("rope.scaling.type", .string("longrope")),
            ("rope.scaling.type", .string("new\nline")), ("rope.scaling.type", .uint32(1)),
            ("rope.scaling.attn_factor", .float32(1.2)), ("rope.scaling.alpha", .float32(2)),
            ("rope.dimension_count", .uint32(4)), ("rope.dimension_sections", .integers([1])),
            ("attention.value_length", .uint32(4)), ("attention.key_length_swa", .uint32(4)),
            ("nextn_predict_layers", .uint32(1)), ("block_count", .uint32(513)),
            ("attention.head_count", .integers([2, 1])), ("not.known", .string("x")),
            ("feed_forward_length", .integers([12, 8])),
            ("attention.head_count", .uint32(1_000_000)),
        ])
    func refusedKeys(key: String, value: WrittenValue) throws {
        for architecture in Self.architectures {
            let error = try ToyTransformer(architecture).refusal {
                $0.set("\(architecture).\(key)", value)
            }
            #expect(error.code == .unsupported)
            #expect(error.message.contains("\(architecture).\(key)"), "\(error.message)")
        }
    }

    @Test(
        "Values that no model can have are refused",
        arguments: [
            ("block_count", WrittenValue.uint32(0)), ("embedding_length", .int32(-8)),
            ("context_length", .string("64")), ("attention.head_count", .uint32(0)),
            ("attention.head_count", .integers([2, 2, 2])), ("attention.key_length", .uint32(0)),
            ("attention.head_count", .array(type: 5, [])), ("rope.freq_base", .float32(0)),
            ("attention.layer_norm_rms_epsilon", .float32(.nan)), ("rope.freq_base", .bool(true)),
            ("rope.scaling.factor", .float32(-1)), ("rope.scaling.factor", .float32(.infinity)),
            ("rope.scaling.factor", .float32(.leastNonzeroMagnitude)),
            ("block_count", .uint64(.max)),
        ])
    func impossibleValues(key: String, value: WrittenValue) throws {
        let error = try ToyTransformer().refusal { $0.set("llama.\(key)", value) }
        #expect(error.code == .modelNotLoaded)
        #expect(error.message.contains("llama.\(key)"), "\(error.message)")
    }

    @Test(
        "Missing keys are named",
        arguments: [
            "block_count", "embedding_length", "context_length", "feed_forward_length",
            "attention.head_count", "attention.layer_norm_rms_epsilon",
        ])
    func missingKeys(key: String) throws {
        let error = try ToyTransformer().refusal { $0.remove("llama.\(key)") }
        #expect(error == NativeError(.modelNotLoaded, "llama.\(key) is missing"))
    }

    @Test("Other architectures are refused by name", arguments: ["gemma3", "", "LLAMA", "a\nb"])
    func otherArchitectures(name: String) throws {
        let error = try ToyTransformer().refusal {
            $0.set("general.architecture", .string(name))
        }
        #expect(error.code == .unsupported)
        #expect(error.message.contains(name == "a\nb" ? "a\\nb" : name))
        let missing = try ToyTransformer().refusal { $0.remove("general.architecture") }
        #expect(missing.code == .unsupported)
    }

    @Test("Sizes that the kernels cannot compute are refused")
    func lanes() throws {
        for change in [\ToyTransformer.width, \.feedForward, \.headSize] {
            var toy = ToyTransformer()
            toy[keyPath: change] = 40
            let error = try #require(throws: NativeError.self) { try toy.shape() }
            #expect(error.code == .unsupported && error.message.contains("40 elements"))
        }
    }

    @Test("Heads that are odd, too large or cannot be shared are refused")
    func heads() throws {
        for size in [3, 258] {
            var toy = ToyTransformer()
            toy.headSize = size
            let error = try #require(throws: NativeError.self) { try toy.shape() }
            #expect(error.code == .unsupported && error.message.contains("\(size)"))
        }
        var toy = ToyTransformer()
        toy.heads = 3
        toy.keyValueHeads = 2
        let error = try #require(throws: NativeError.self) { try toy.shape() }
        #expect(error.code == .modelNotLoaded && error.message.contains("3 query heads"))
    }

    @Test("Settings of single products are refused")
    func tensorExtras() throws {
        let error = try ToyTransformer().refusal {
            $0.set("general.tensor_extra.name", .strings(["x"]))
        }
        #expect(error.code == .unsupported && error.message.contains("tensor_extra.name"))
    }
}

extension ToyTransformer {
    /// The shape of the toy's file, changed before it is written.
    func shape(_ change: (inout GGUFWriter) -> Void = { _ in }) throws -> ModelShape {
        var writer = writer()
        change(&writer)
        let folder = try TemporaryFolder()
        return try ModelShape(GGUFModelFiles(path: folder.write(writer.bytes())))
    }

    /// The error for a changed file, which is one line without the path.
    func refusal(_ change: (inout GGUFWriter) -> Void) throws -> NativeError {
        let error = try #require(throws: NativeError.self) { try shape(change) }
        #expect(!error.message.contains("\n") && !error.message.contains(".gguf"))
        #expect((10...300).contains(error.message.count))
        return error
    }
}
