import GGUFTestSupport
import GGUF
import Testing

@Suite("Tensor types")
struct TensorTypeTests {
    @Test("Types are found by number and by name")
    func lookup() {
        for type in TensorType.all {
            #expect(TensorType(id: type.id) == type)
            #expect(TensorType(named: type.name.lowercased()) == type)
        }
        #expect(TensorType(id: 31) == nil)
        #expect(TensorType(named: "Q4_2") == nil)
        #expect(Set(TensorType.all.map(\.name)).count == TensorType.all.count)
    }

    @Test(
        "Known types take the bits that they are known for",
        arguments: [
            ("F32", 32), ("BF16", 16), ("Q4_0", 4.5), ("Q8_0", 8.5), ("Q2_K", 2.625),
            ("Q3_K", 3.4375), ("Q4_K", 4.5), ("Q5_K", 5.5), ("Q6_K", 6.5625), ("IQ1_S", 1.5625),
            ("IQ1_M", 1.75), ("IQ2_XXS", 2.0625), ("IQ4_XS", 4.25), ("TQ1_0", 1.6875),
            ("TQ2_0", 2.0625), ("MXFP4", 4.25), ("NVFP4", 4.5),
        ])
    func bits(name: String, bits: Double) throws {
        #expect(try #require(TensorType(named: name)).bitsPerElement == bits)
    }

    @Test("A tensor's size follows from its shape and type")
    func sizes() throws {
        let file = try open(ToyModel.writer())
        let tensor = try #require(file.tensor(named: "blk.0.attn_q.weight"))
        #expect(tensor.dimensions == [256, 2])
        #expect(tensor.type.name == "Q4_K")
        #expect(tensor.elementCount == 512)
        #expect(tensor.byteCount == 288)
        #expect(file.tensor(named: "absent") == nil)
    }
}
