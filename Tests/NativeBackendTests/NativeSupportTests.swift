import GGUF
import GGUFTestSupport
import NativeBackend
import Testing

@Suite("Support of models")
struct NativeSupportTests {
    private func support(of writer: GGUFWriter) throws -> NativeSupport {
        let folder = try TemporaryFolder()
        return NativeSupport.of(try GGUFModelFiles(path: folder.write(writer.bytes())))
    }

    @Test("A model with a shape is supported", arguments: ["llama", "qwen2", "qwen3"])
    func supported(architecture: String) throws {
        #expect(try support(of: ToyTransformer(architecture).writer()) == .supported)
    }

    @Test("Another model is not, and the reason is the one line that loading gives")
    func unsupported() throws {
        #expect(
            try support(of: ToyTransformer("gemma3").writer())
                == .unsupported(
                    reason: "the architecture is gemma3, not one of llama, qwen2, qwen3"))
        var experts = ToyTransformer().writer()
        experts.set("llama.expert_count", .uint32(8))
        #expect(
            try support(of: experts)
                == .unsupported(
                    reason: "llama.expert_count is 8, which is not computed natively"))
        #expect(
            try support(of: GGUFWriter())
                == .unsupported(
                    reason: "the architecture is not stated, not one of llama, qwen2, qwen3"))
    }

    @Test("A split model is supported when all its parts together are a model")
    func splitModel() throws {
        let whole = ToyTransformer("qwen3").writer()
        let folder = try TemporaryFolder()
        for part in 0..<2 {
            var writer = part == 0 ? whole : GGUFWriter()
            let middle = whole.tensors.count / 2
            writer.tensors = Array(
                part == 0 ? whole.tensors.prefix(middle) : whole.tensors.dropFirst(middle))
            writer.set("split.no", .uint16(UInt16(part)))
            writer.set("split.count", .uint16(2))
            writer.set("split.tensors.count", .int32(Int32(whole.tensors.count)))
            _ = try folder.write(writer.bytes(), as: "toy-0000\(part + 1)-of-00002.gguf")
        }
        let files = try GGUFModelFiles(path: folder.path + "/toy-00001-of-00002.gguf")
        #expect(NativeSupport.of(files) == .supported)
    }
}
