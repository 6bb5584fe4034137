import GGUFTestSupport
import NativeBackend
import PyramidDecoding
import Testing

@Suite("Attention of all shapes")
struct AttentionTests {
    @Test(
        "Heads of any size and number give the reference's logits, and always the same bits",
        arguments: [16, 32, 48, 64, 80, 112, 128, 256], [1, 2, 3, 4, 7, 8, 9])
    func shapes(headSize: Int, group: Int) throws {
        var sizes = ToyTransformer("qwen2")
        sizes.layers = 1
        sizes.vocabulary = 37
        sizes.keyValueHeads = group < 4 ? 2 : 1
        sizes.heads = sizes.keyValueHeads * group
        sizes.headSize = headSize
        let toy = RandomTransformer(sizes, .f32)
        let tokens = tokens(36, vocabulary: 37, seed: UInt64(headSize + group))
        let rows = try toy.level(threads: 1).append(tokens, at: 0)
        // Measured: at most 1.5e-4, of the cache's half floats.
        #expect(relativeDifference(rows, ReferenceForward(toy).logits(tokens)) < 4e-4)
        // Few rows for many threads: then the heads that share keys are shared out.
        for threads in [2, 5] {
            let level = try toy.level(threads: threads)
            let alone = try tokens.indices.map { try level.append([tokens[$0]], at: $0)[0] }
            #expect(alone == rows)
        }
        for set in InstructionSet.available.dropFirst() {
            #expect(try toy.level(instructionSet: set).append(tokens, at: 0) == rows)
        }
    }
}
