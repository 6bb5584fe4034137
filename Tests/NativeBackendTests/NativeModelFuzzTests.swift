import GGUF
import GGUFTestSupport
import NativeBackend
import PyramidDecoding
import Testing

@Suite("Damaged models")
struct NativeModelFuzzTests {
    private static let originals: [RandomTransformer] = {
        var small = ToyTransformer("qwen3")
        small.feedForward = 64
        small.vocabulary = 37
        var narrow = RandomTransformer(small, .q80)
        narrow.types = ["attn_q": .q40, "attn_k": .q41, "attn_v": .q50, "ffn_gate": .q51]
        small.architecture = "qwen2"
        var floats = RandomTransformer(small, .f32)
        floats.types = ["attn_q": .f16, "attn_k": .bf16, "ffn_down": .q80, "token_embd": .q51]
        var wide = RandomTransformer.wide("llama", .q4K)
        wide.sizes.layers = 1
        wide.sizes.feedForward = 256
        wide.sizes.vocabulary = 37
        wide.types = ["attn_v": .q6K, "ffn_down": .q5K]
        wide.hasRopeFactors = true
        wide.ropeScalingFactor = 2
        return [narrow, floats, wide]
    }()

    @Test("A damaged model is refused, or decodes something", arguments: originals.indices)
    func mutations(original: Int) throws {
        let writer = Self.originals[original].writer()
        let bytes = writer.bytes()
        let folder = try TemporaryFolder()
        let pool = WorkerPool(threads: 2)
        let dataOffset = try GGUFFile(path: folder.write(bytes)).dataOffset
        var random = RandomSource(seed: UInt64(original))
        var decoded = 0
        var refused = 0
        for _ in 0..<350 {
            var mutant = bytes
            switch Int.random(in: 0..<4, using: &random) {
            case 0: mutant.damage(in: 0..<dataOffset, using: &random)
            case 1: mutant = writer.withDamagedEntry(using: &random).bytes()
            case 2: mutant.damage(in: dataOffset..<bytes.count, using: &random)
            default: mutant = writer.withDamagedTensor(using: &random).bytes()
            }
            guard let files = try? GGUFModelFiles(path: folder.write(mutant)) else {
                refused += 1
                continue
            }
            do throws(NativeError) {
                try decode(NativeModel(files, pool: pool), pool: pool, using: &random)
                decoded += 1
            } catch {
                refused += 1
                #expect(!error.message.contains("\n") && error.message.count < 300)
            }
        }
        // A fuzzer that reaches only one outcome tests little.
        #expect(decoded > 150 && refused > 50, "\(decoded) decoded, \(refused) refused")
    }

    /// Three tokens at once and three one by one, on any instruction set.
    private func decode(
        _ model: NativeModel, pool: WorkerPool, using random: inout RandomSource
    ) throws(NativeError) {
        let set = InstructionSet.available.randomElement(using: &random) ?? .fastest
        let level = try NativeLevel(
            model: model, pool: pool, options: .of(context: Bool.random(using: &random) ? nil : 0),
            instructionSet: set)
        let context = min(6, level.contextSize)
        let tokens = (0..<context).map { TokenID($0 * 5 % level.vocabularySize) }
        for range in [0..<context / 2] + (context / 2..<context).map({ $0..<$0 + 1 }) {
            guard !range.isEmpty else { continue }
            try level.forward([
                ForwardRequest(
                    sequence: 0, position: range.lowerBound, tokens: tokens[range],
                    wantedRows: range.count)
            ])
            for row in range.indices.map({ $0 - range.lowerBound }) {
                let count = level.withLogits(request: 0, row: row) { $0.filter { $0 == 0 }.count }
                #expect((0...level.vocabularySize).contains(count))
            }
        }
    }
}

extension GGUFWriter {
    /// A copy in which one key has another value, mostly a number.
    fileprivate func withDamagedEntry(using random: inout RandomSource) -> GGUFWriter {
        let values: [WrittenValue] = [
            .uint32(0), .uint32(1), .uint32(3), .uint32(16), .uint32(1 << 16), .uint32(1 << 30),
            .uint32(.max), .int64(-1), .float32(1e-30), .float32(1e30), .float32(0.5),
            .float32(.nan), .float32(.infinity), .float32(-1), .float64(1e300), .string("linear"),
        ]
        var copy = self
        let index = entries.indices.randomElement(using: &random) ?? 0
        copy.entries[index].value = values.randomElement(using: &random) ?? .uint32(0)
        return copy
    }

    /// A copy in which one tensor holds one of the bytes that make extreme numbers, or what
    /// another tensor holds, or has another type or place.
    fileprivate func withDamagedTensor(using random: inout RandomSource) -> GGUFWriter {
        var copy = self
        let index = tensors.indices.randomElement(using: &random) ?? 0
        let other = tensors.indices.randomElement(using: &random) ?? 0
        let count = tensors[index].data.count
        switch Int.random(in: 0..<6, using: &random) {
        case 0: copy.tensors[index].data = Array(tensors[other].data.prefix(count))
        case 1: copy.tensors[index].type = tensors[other].type
        case 2: copy.tensors[index].offset = UInt64(Int.random(in: 0..<99, using: &random) * 32)
        default:
            let bytes: [UInt8] = [0xFF, 0x7F, 0x7E, 0x7B, 0x80, 0x00, 0x01]
            let byte = bytes.randomElement(using: &random) ?? 0
            copy.tensors[index].data = Array(repeating: byte, count: count)
        }
        return copy
    }
}

extension [UInt8] {
    /// Overwrites a few places of `range`, each with a few bytes.
    fileprivate mutating func damage(in range: Range<Int>, using random: inout RandomSource) {
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let start = Int.random(in: range, using: &random)
            let length = Swift.min(
                range.upperBound - start, [1, 1, 2, 4, 40].randomElement(using: &random) ?? 1)
            let isRandom = Bool.random(using: &random)
            for index in start..<start + length {
                self[index] = isRandom ? UInt8.random(in: 0...255, using: &random) : 0xFF
            }
        }
    }
}
