import GGUFTestSupport
import GGUF
import Testing

@Suite("Model descriptions")
struct ModelDescriptionTests {
    private func describe(_ change: (inout GGUFWriter) -> Void = { _ in }) throws
        -> ModelDescription
    {
        var writer = ToyModel.writer()
        change(&writer)
        return ModelDescription(try open(writer))
    }

    @Test("A complete file is described completely")
    func complete() throws {
        let model = try describe { $0.set("llama.rope.scaling.type", .string("yarn")) }
        #expect(model.architecture == "llama")
        #expect(model.name == "Toy")
        #expect(model.sizeLabel == "1K")
        #expect(model.license == "mit")
        #expect(model.fileTypeName == "Q4_K_M")
        #expect(model.contextLength == 128)
        #expect(model.blockCount == 2)
        #expect(model.embeddingLength == 16)
        #expect(model.attention.headCount == 4)
        #expect(model.attention.keyValueHeadCounts == [2, 2])
        #expect(model.attention.keyLength == 4)
        #expect(model.rope.frequencyBase == 10000)
        #expect(model.rope.scalingType == "yarn")
        #expect(model.experts == nil)
        #expect(model.sequenceMemory == .keyValueCache)
        #expect(model.keyValueElementsPerToken == 2 * 2 * (4 + 4))
        #expect(model.chatTemplate == "{{ messages }}")
        #expect(model.additionalChatTemplateNames == ["tool_use"])
        #expect(model.parameterCount == 16 * 8 + 512)
        #expect(model.tensorByteCount == 512 + 288)
        #expect(model.bitsPerWeight == 10)
        #expect(model.tensorTypeShares.map(\.type.name) == ["F32", "Q4_K"])
        #expect(model.tensorTypeShares[0].share == 0.64)
    }

    @Test("What a file lacks is nil")
    func bare() throws {
        let model = ModelDescription(try open(GGUFWriter()))
        #expect(model.architecture == nil)
        #expect(model.name == nil)
        #expect(model.contextLength == nil)
        #expect(model.keyValueElementsPerToken == nil)
        #expect(model.bitsPerWeight == nil)
        #expect(model.tensorTypeShares.isEmpty)
        #expect(model.chatTemplate == nil)
    }

    @Test("Key-value heads may differ by layer, and stated head lengths win")
    func perLayerHeads() throws {
        let model = try describe {
            $0.set("llama.attention.head_count_kv", .integers([1, 0]))
            $0.set("llama.attention.key_length", .uint32(10))
            $0.set("llama.attention.value_length", .uint32(6))
        }
        #expect(model.attention.keyValueHeadCounts == [1, 0])
        #expect(model.keyValueElementsPerToken == 16)
    }

    @Test("Without key-value heads, every head has its own keys and values")
    func noGrouping() throws {
        let model = try describe { $0.remove("llama.attention.head_count_kv") }
        #expect(model.attention.keyValueHeadCounts == [4, 4])
    }

    @Test("Layers that share a cache or keep a recurrent state have no cache of their own")
    func layersWithoutCache() throws {
        let shared = try describe { $0.set("llama.attention.shared_kv_layers", .uint32(1)) }
        #expect(shared.attention.keyValueHeadCounts == [2, 0])
        let hybrid = try describe { $0.set("llama.full_attention_interval", .uint32(2)) }
        #expect(hybrid.attention.keyValueHeadCounts == [0, 2])
        #expect(hybrid.sequenceMemory == .hybrid)
        let flagged = try describe {
            $0.set("llama.attention.recurrent_layers", .integers([1, 0]))
        }
        #expect(flagged.attention.keyValueHeadCounts == [0, 2])
    }

    @Test("Sliding layers may have other head lengths")
    func slidingWindow() throws {
        let model = try describe {
            $0.set("llama.attention.sliding_window", .uint32(512))
            $0.set("llama.attention.sliding_window_pattern", .array(type: 7, [.bool(true)]))
            $0.set("llama.attention.key_length_swa", .uint32(1))
            $0.set("llama.attention.value_length_swa", .uint32(1))
        }
        #expect(model.attention.slidingWindow == 512)
        #expect(model.keyValueElementsPerToken == 2 * (1 + 1) + 2 * (4 + 4))
    }

    @Test("Latent attention caches keys only")
    func latentAttention() throws {
        let model = try describe {
            $0.set("llama.attention.key_length_mla", .uint32(3))
            $0.set("llama.attention.value_length_mla", .uint32(3))
        }
        #expect(model.keyValueElementsPerToken == 2 * 2 * 4)
    }

    @Test("Recurrent and hybrid models are told apart")
    func recurrentModels() throws {
        let hybrid = try describe { $0.set("llama.ssm.state_size", .uint32(16)) }
        #expect(hybrid.sequenceMemory == .hybrid)
        let recurrent = try describe {
            $0.set("llama.ssm.state_size", .uint32(16))
            $0.set("llama.attention.head_count_kv", .integers([0, 0]))
        }
        #expect(recurrent.sequenceMemory == .recurrent)
        #expect(
            try describe { $0.set("general.architecture", .string("mamba2")) }
                .sequenceMemory == .recurrent)
    }

    @Test("Experts are counted")
    func experts() throws {
        let model = try describe {
            $0.set("llama.expert_count", .uint32(8))
            $0.set("llama.expert_used_count", .uint32(2))
        }
        #expect(model.experts?.count == 8)
        #expect(model.experts?.usedCount == 2)
    }

    @Test("Absurd numbers give nil, not a crash or a huge array")
    func absurdNumbers() throws {
        let many = try describe { $0.set("llama.block_count", .uint32(.max)) }
        #expect(many.keyValueElementsPerToken == nil)
        let wide = try describe { $0.set("llama.attention.key_length", .int64(.max)) }
        #expect(wide.keyValueElementsPerToken == nil)
        let negative = try describe {
            $0.set("llama.attention.shared_kv_layers", .int64(.min))
            $0.set("llama.embedding_length", .int64(.min))
            $0.set("llama.attention.head_count", .int32(-1))
        }
        #expect(negative.attention.keyLength == nil)
    }
}
