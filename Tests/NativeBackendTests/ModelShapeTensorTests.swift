import GGUF
import GGUFTestSupport
import NativeBackend
import Testing

@Suite("Tensors against shapes")
struct ModelShapeTensorTests {
    private static let architectures = ["llama", "qwen2", "qwen3"]

    @Test(
        "Tensors that no architecture has here are refused by name",
        arguments: [
            "blk.0.attn_qkv.weight", "blk.0.ffn_gate_inp.weight", "blk.1.attn_sinks.weight",
            "rope_factors_long.weight", "blk.0.ffn_up.bias", "blk.0.ffn_down.bias",
            "blk.0.attn_q.scale", "blk.0.attn_q.input_scale", "output.bias", "cls.output.weight",
            "blk.0.attn_q.weight.lora_a", "blk.2.attn_q.weight", "blk.00.attn_norm.weight",
            "blk.0.post_attention_norm.weight", "blk.0.ffn_gate.0.weight", "new\nline",
        ])
    func unknownTensors(name: String) throws {
        for architecture in Self.architectures {
            let error = try ToyTransformer(architecture).refusal { $0.addTensor(name, [32]) }
            #expect(error.code == .unsupported)
            #expect(error.message.contains(name == "new\nline" ? "new\\nline" : name))
        }
    }

    @Test("A tensor that llama.cpp does not take from an architecture is refused")
    func tensorsOfOthers() throws {
        let cases = [
            ("qwen2", "rope_freqs.weight", 8), ("qwen3", "rope_freqs.weight", 8),
            ("qwen2", "blk.0.attn_output.bias", 32), ("qwen3", "blk.0.attn_output.bias", 32),
            ("llama", "blk.0.attn_q_norm.weight", 16), ("qwen2", "blk.0.attn_k_norm.weight", 16),
        ]
        for (architecture, name, count) in cases {
            let error = try ToyTransformer(architecture).refusal { $0.addTensor(name, [count]) }
            #expect(error.code == .unsupported && error.message.contains(name))
        }
    }

    @Test("Every tensor is required, but for the output and biases", arguments: architectures)
    func missingTensors(architecture: String) throws {
        let names = ToyTransformer(architecture).writer().tensors.map(\.name)
        for name in names {
            if name == "output.weight" || name.hasSuffix(".bias") {
                #expect(throws: Never.self) {
                    try ToyTransformer(architecture).shape { $0.removeTensor(name) }
                }
                continue
            }
            let error = try ToyTransformer(architecture).refusal { $0.removeTensor(name) }
            #expect(error == NativeError(.modelNotLoaded, "tensor \(name) is missing"))
        }
    }

    @Test("Every tensor's dimensions are checked", arguments: architectures)
    func wrongDimensions(architecture: String) throws {
        let toy = ToyTransformer(architecture)
        for tensor in toy.writer().tensors where tensor.name != "token_embd.weight" {
            let axes = tensor.dimensions.indices
            var wrong = axes.map { axis in
                var dimensions = tensor.dimensions
                dimensions[axis] += 1
                return dimensions
            }
            wrong += [tensor.dimensions + [1], [], [0], tensor.dimensions.map { _ in 0 }]
            if axes.count == 2 { wrong.append(tensor.dimensions.reversed()) }
            for dimensions in wrong where dimensions != tensor.dimensions {
                let error = try toy.refusal { writer in
                    writer.removeTensor(tensor.name)
                    writer.addTensor(tensor.name, dimensions)
                }
                #expect(error.code == .modelNotLoaded)
                #expect(error.message.contains("tensor \(tensor.name) has shape \(dimensions)"))
            }
        }
    }

    @Test("Embeddings that are no matrix of the width and the tokens are refused")
    func wrongEmbeddings() throws {
        for dimensions in [[32], [32, 0], [33, 7], [32, 7, 1], [32, 6], []] {
            let error = try ToyTransformer().refusal { writer in
                writer.removeTensor("token_embd.weight")
                writer.removeTensor("output.weight")
                writer.addTensor("token_embd.weight", dimensions)
            }
            #expect(error.code == .modelNotLoaded && error.message.contains("token_embd.weight"))
        }
        let rows = try ToyTransformer().refusal {
            $0.set("tokenizer.ggml.tokens", .strings(["a", "b"]))
        }
        #expect(rows.message.contains("2 tokens") && rows.message.contains("7 rows"))
    }

    @Test("Matrices have the types that kernels read, and no others", arguments: TensorType.all)
    func matrixTypes(type: TensorType) throws {
        var toy = ToyTransformer()
        toy.width = 256
        toy.feedForward = 256
        toy.headSize = 128
        let names = [
            "token_embd.weight", "output.weight", "blk.1.attn_v.weight", "blk.0.ffn_down.weight",
        ]
        for name in names {
            if ModelShape.matrixTypes.contains(type.name) {
                #expect(throws: Never.self) { try toy.shape { $0.setType(type, of: name) } }
                continue
            }
            let error = try toy.refusal { $0.setType(type, of: name) }
            #expect(error.code == .unsupported)
            #expect(error.message.contains("tensor \(name) has type \(type.name),"))
        }
    }

    @Test("Norms, biases and rope factors are F32 only", arguments: ["F16", "BF16", "Q8_0", "I32"])
    func vectorTypes(type name: String) throws {
        var toy = ToyTransformer("llama")
        (toy.width, toy.headSize, toy.feedForward) = (64, 64, 64)
        let type = try #require(TensorType(named: name))
        let tensors = [
            ("output_norm.weight", 64), ("blk.0.ffn_norm.weight", 64),
            ("blk.1.attn_output.bias", 64), ("blk.1.attn_q.bias", 128), ("rope_freqs.weight", 32),
        ]
        for (tensor, count) in tensors {
            let error = try toy.refusal { writer in
                writer.removeTensor(tensor)
                writer.addTensor(tensor, [count])
                writer.setType(type, of: tensor)
            }
            #expect(error.code == .unsupported)
            #expect(error.message.contains("tensor \(tensor) has type \(name)"))
        }
    }

    @Test("Matrices named in the shape have the dimensions that the files have")
    func dimensions() throws {
        for architecture in Self.architectures {
            let toy = ToyTransformer(architecture)
            let shape = try toy.shape()
            let tensors = toy.writer().tensors
            let written = Dictionary(
                uniqueKeysWithValues: tensors.map { ($0.name, $0.dimensions.map(Int.init)) })
            for tensor in [ModelTensor.tokenEmbedding, .output, .outputNorm] {
                #expect(shape.dimensions(of: tensor) == written[tensor.rawValue])
            }
            for (layer, present) in shape.layers.enumerated() {
                for tensor in present {
                    #expect(shape.dimensions(of: tensor) == written[tensor.name(layer: layer)])
                }
            }
            #expect(shape.layers.map(\.count).reduce(0, +) == tensors.count - 3)
        }
    }
}

extension GGUFWriter {
    mutating func removeTensor(_ name: String) { tensors.removeAll { $0.name == name } }

    /// Stores zeros of another type; the first dimension must be a multiple of its blocks.
    mutating func setType(_ type: TensorType, of name: String) {
        guard let index = tensors.firstIndex(where: { $0.name == name }) else { return }
        let count = Int(tensors[index].dimensions.reduce(1, *))
        tensors[index].type = type.id
        tensors[index].data = Array(
            repeating: 0, count: count / type.blockSize * type.bytesPerBlock)
    }
}
