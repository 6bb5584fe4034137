import GGUFTestSupport
import NativeBackend
import PyramidDecoding
import Testing

@Suite("Native logits beside a reference")
struct ReferenceTests {
    private static let architectures = ["llama", "qwen2", "qwen3"]

    /// What no matrix type has to do with.
    private static let peculiar: [RandomTransformer] = {
        var biased = RandomTransformer.narrow("llama", .q80)
        biased.hasBiases = true
        biased.ropeScalingFactor = 4
        var factors = RandomTransformer.narrow("llama", .f16)
        factors.hasRopeFactors = true
        factors.ropeBase = 500_000
        factors.sizes.hasOutput = false
        var outputBias = RandomTransformer.narrow("llama", .q40)
        outputBias.sizes.layers = 5
        outputBias.hasBiases = true
        var tied = RandomTransformer.narrow("qwen3", .q51)
        tied.sizes.hasOutput = false
        tied.ropeScalingFactor = 2
        return [biased, factors, outputBias, tied] + RandomTransformer.mixed
    }()

    @Test(
        "Logits are those of the definition but for rounded activations and caches",
        arguments: architectures, WeightType.allCases)
    func everyType(architecture: String, type: WeightType) throws {
        try check(.small(architecture, type))
    }

    @Test("So are those of models with more than matrices", arguments: peculiar)
    func peculiarities(toy: RandomTransformer) throws {
        try check(toy)
    }

    @Test("So are those of long sequences", arguments: [WeightType.f32, .q80])
    func longSequences(type: WeightType) throws {
        try check(.narrow("qwen2", type), count: 200)
    }

    @Test(
        "With activations and caches rounded alike, only the order of additions is left",
        arguments: architectures, WeightType.allCases)
    func everyTypeRounded(architecture: String, type: WeightType) throws {
        try checkRounded(.small(architecture, type))
    }

    @Test("So it is in models with more than matrices", arguments: peculiar)
    func peculiaritiesRounded(toy: RandomTransformer) throws {
        try checkRounded(toy)
    }

    /// Measured on these models: at most 4.9e-4 with floats, whose only rounding is that of the
    /// cache, 2.0e-2 with blocks of 32 and 3.4e-2 with blocks of 256, as these vary more within.
    private func check(_ toy: RandomTransformer, count: Int = 20) throws {
        let tokens = tokens(count, vocabulary: toy.sizes.vocabulary, seed: 3)
        let rows = try toy.level().append(tokens, at: 0)
        let reference = ReferenceForward(toy).logits(tokens)
        let types = [toy.type] + toy.types.values
        let block = types.map(\.blockSize).max() ?? 1
        let limit = block == 1 ? 1.2e-3 : block == 32 ? 4.5e-2 : 8e-2
        let difference = relativeDifference(rows, reference)
        #expect(difference < limit)
        // A token that leads by several times that error is not overtaken.
        var clearRows = 0
        for (row, expected) in zip(rows, reference) {
            let order = expected.indices.sorted { expected[$0] > expected[$1] }
            guard expected[order[0]] - expected[order[1]] > 5 * difference else { continue }
            clearRows += 1
            #expect(row.values.indices.max { row.values[$0] < row.values[$1] } == order[0])
        }
        #expect(clearRows >= 5)
    }

    /// An activation between two integers can be rounded to either, which changes all that
    /// follows a little. That is rare: of several prompts most do not meet it, and agree to
    /// 1e-7 to 1e-5, the latter where a half float of the cache was such a case.
    private func checkRounded(_ toy: RandomTransformer) throws {
        let level = try toy.level()
        let reference = ReferenceForward(toy, rounding: .backend)
        let differences = try (UInt64(0)..<7).map { seed in
            let tokens = tokens(4, vocabulary: toy.sizes.vocabulary, seed: seed)
            let rows = try level.append(tokens, at: 0)
            return relativeDifference(rows, reference.logits(tokens))
        }
        #expect(differences.sorted()[3] < 3e-5)
    }
}
