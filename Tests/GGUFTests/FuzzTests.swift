import GGUFTestSupport
import GGUF
import Testing

@Suite("Fuzzing")
struct FuzzTests {
    private static let mutationsPerSeed = 4_000

    @Test("A mutated file opens and reads throughout, or throws", arguments: [UInt64(1), 2, 3])
    func mutations(seed: UInt64) throws {
        let folder = try TemporaryFolder()
        let original = ToyModel.writer().bytes()
        let reference = try VocabularyDescription(GGUFFile(path: folder.write(original)))
        var generator = SplitMix64(state: seed)
        var opened = 0
        var codes: Set<GGUFError.Code> = []
        for _ in 0..<Self.mutationsPerSeed {
            let path = try folder.write(mutated(original, using: &generator))
            do throws(GGUFError) {
                let files = try GGUFModelFiles(path: path)
                opened += 1
                readEverything(files)
                let vocabulary = try VocabularyDescription(files)
                readEverything(vocabulary, comparedWith: reference)
            } catch {
                #expect(!error.message.isEmpty)
                codes.insert(error.code)
            }
        }
        // A fuzzer that reaches only one outcome tests little.
        #expect(opened > 100)
        #expect(codes.count >= 8, "\(codes)")
    }

    private func mutated(
        _ original: [UInt8], using generator: inout SplitMix64
    ) -> [UInt8] {
        var bytes = original
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            let position = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0:
                bytes.removeLast(bytes.count - max(1, position))
            case 1:
                bytes[position] ^= UInt8.random(in: 1...255, using: &generator)
            case 2:
                let huge: [UInt64] = [
                    .max, 1 << 63, 1 << 62, 1 << 60, 1 << 32, 0xFFFF_FFFF, 0, 13, 1 << 20,
                    .max - 31,
                ]
                let value = huge[Int.random(in: 0..<huge.count, using: &generator)]
                overwrite(&bytes, at: position, with: value)
            default:
                // Copying a stretch elsewhere doubles keys, names and lengths.
                let source = Int.random(in: 0..<bytes.count, using: &generator)
                let length = min(
                    Int.random(in: 1...64, using: &generator), bytes.count - source,
                    bytes.count - position)
                bytes.replaceSubrange(
                    position..<(position + length), with: bytes[source..<(source + length)])
            }
        }
        return bytes
    }

    private func overwrite(_ bytes: inout [UInt8], at position: Int, with value: UInt64) {
        for index in 0..<min(8, bytes.count - position) {
            bytes[position + index] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(index)))
        }
    }

    private func readEverything(_ files: GGUFModelFiles) {
        for part in files.parts {
            for entry in part.metadata.entries { readEverything(entry.value) }
            for tensor in part.tensors {
                #expect(part.dataOffset + tensor.offset + tensor.byteCount <= part.byteCount)
            }
        }
        let model = ModelDescription(files)
        #expect(model.parameterCount >= 0)
        #expect(model.tensorTypeShares.allSatisfy { $0.tensorCount > 0 })
    }

    private func readEverything(_ value: GGUFValue) {
        switch value {
        case .string(let text):
            #expect(text.utf8.count == text.byteCount)
            _ = text.string
        case .array(let array):
            var count = 0
            for element in array {
                readEverything(element)
                count += 1
            }
            #expect(count == array.count)
        default:
            _ = value.numberValue
        }
    }

    private func readEverything(
        _ vocabulary: VocabularyDescription, comparedWith reference: VocabularyDescription
    ) {
        for id in 0..<vocabulary.size {
            #expect(vocabulary.text(of: id) != nil)
            _ = vocabulary.kind(of: id)
            _ = vocabulary.isPadding(id)
        }
        #expect(VocabularyDescription.compare(vocabulary, vocabulary) == .identical)
        _ = VocabularyDescription.compare(vocabulary, reference)
        _ = VocabularyDescription.compare(reference, vocabulary)
    }
}

/// Vigna's SplitMix64: the same seed gives the same mutations.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
