import GGUF
import GGUFTestSupport
import NativeBackend
import PyramidDecoding
import Testing

@Suite("Damaged headers")
struct ModelShapeFuzzTests {
    private static let mutationsPerSeed = 1_500

    @Test(
        "A mutated header is refused, or makes a shape whose tensors lie in the file",
        arguments: [("llama", UInt64(1)), ("qwen2", 2), ("qwen3", 3)])
    func mutations(architecture: String, seed: UInt64) throws {
        let folder = try TemporaryFolder()
        let writer = ToyTransformer(architecture).writer()
        let original = writer.bytes()
        let dataOffset = try GGUFFile(path: folder.write(original)).dataOffset
        var random = RandomSource(seed: seed)
        var shapes = 0
        var refusals: [NativeError.Code: Int] = [:]
        for _ in 0..<Self.mutationsPerSeed {
            var bytes = original
            if Bool.random(using: &random) {
                var mutant = writer
                mutant.mutate(using: &random)
                bytes = mutant.bytes()
            } else {
                bytes.mutate(in: 0..<dataOffset, using: &random)
            }
            guard let files = try? GGUFModelFiles(path: folder.write(bytes)) else { continue }
            do throws(NativeError) {
                let shape = try ModelShape(files)
                shapes += 1
                check(shape, of: files)
                #expect(NativeSupport.of(files) == .supported)
            } catch {
                refusals[error.code, default: 0] += 1
                #expect(!error.message.contains("\n") && error.message.count < 300)
                #expect(NativeSupport.of(files) == .unsupported(reason: error.message))
            }
        }
        // A fuzzer that reaches only one outcome tests little.
        #expect(shapes > 100, "\(refusals)")
        #expect(refusals[.unsupported, default: 0] > 100, "\(refusals)")
        #expect(refusals[.modelNotLoaded, default: 0] > 100, "\(refusals)")
    }

    /// Reads every tensor that the shape promises, to its end.
    private func check(_ shape: ModelShape, of files: GGUFModelFiles) {
        var expected: [String: [Int]] = [:]
        for (layer, tensors) in shape.layers.enumerated() {
            for tensor in tensors {
                expected[tensor.name(layer: layer)] = shape.dimensions(of: tensor)
            }
        }
        for tensor in [ModelTensor.tokenEmbedding, .outputNorm] {
            expected[tensor.rawValue] = shape.dimensions(of: tensor)
        }
        if !shape.hasTiedHead {
            expected[ModelTensor.output.rawValue] = shape.dimensions(of: .output)
        }
        if shape.hasRopeFactors {
            expected[ModelTensor.ropeFactors.rawValue] = shape.dimensions(of: .ropeFactors)
        }
        #expect(files.tensors.count == expected.count)
        for (name, dimensions) in expected {
            guard let tensor = files.storedTensor(named: name) else {
                Issue.record("tensor \(name) is missing")
                continue
            }
            #expect(tensor.info.dimensions == dimensions)
            let elements = dimensions.reduce(1, *)
            let type = tensor.info.type
            tensor.withBytes { bytes in
                #expect(bytes.count == elements / type.blockSize * type.bytesPerBlock)
                #expect(bytes.reduce(0) { $0 &+ Int($1) } >= 0)
            }
        }
    }
}

extension GGUFWriter {
    /// Changes one key, or one tensor's name, shape or type.
    fileprivate mutating func mutate(using random: inout RandomSource) {
        let values: [WrittenValue] = [
            .uint32(0), .uint32(1), .uint32(2), .uint32(.max), .int64(.min), .uint64(1 << 62),
            .float32(.nan), .float64(1e300), .float32(2), .string("x"), .bool(true),
            .integers([1, 1]), .integers([2, 1]), .array(type: 9, [.integers([])]), .strings([]),
        ]
        let types: [UInt32] = [0, 1, 2, 8, 12, 24, 30, 31, 99]
        let sizes: [UInt64] = [0, 1, 7, 16, 32, 48, 1 << 20, 1 << 62, .max]
        let entry = entries.indices.randomElement(using: &random) ?? 0
        let tensor = tensors.indices.randomElement(using: &random) ?? 0
        let other = tensors.indices.randomElement(using: &random) ?? 0
        switch Int.random(in: 0..<7, using: &random) {
        case 0: entries[entry].value = values.randomElement(using: &random) ?? .bool(false)
        case 1: entries.remove(at: entry)
        case 2: tensors.remove(at: tensor)
        case 3: tensors[tensor].type = types.randomElement(using: &random) ?? 0
        case 4: tensors[tensor].dimensions[0] = sizes.randomElement(using: &random) ?? 0
        case 5: tensors[tensor].name = tensors[other].name + (tensor == other ? "" : "x")
        default: tensors[tensor].offset = UInt64(Int.random(in: 0..<64, using: &random) * 32)
        }
    }
}

extension [UInt8] {
    /// Flips, overwrites or copies a few bytes of `range`.
    fileprivate mutating func mutate(in range: Range<Int>, using random: inout RandomSource) {
        for _ in 0..<Int.random(in: 1...2, using: &random) {
            let position = Int.random(in: range, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                self[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1:
                self[position] = UInt8.random(in: 0...255, using: &random)
            case 2:
                let huge: [UInt64] = [.max, 1 << 63, 1 << 62, 1 << 32, 0, 1, 2, 1 << 20]
                let value = huge.randomElement(using: &random) ?? 0
                for index in 0..<8 where range.contains(position + index) {
                    self[position + index] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(index)))
                }
            default:
                let source = Int.random(in: range, using: &random)
                let most = Swift.min(range.upperBound - source, range.upperBound - position)
                let length = Int.random(in: 1...Swift.min(64, most), using: &random)
                let copy = Array(self[source..<(source + length)])
                replaceSubrange(position..<(position + length), with: copy)
            }
        }
    }
}
