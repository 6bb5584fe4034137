import Foundation
import GGUF
import GGUFTestSupport
import NativeBackend
import PyramidDecoding
import Testing

@Suite("Loading native models")
struct NativeModelTests {
    private static let quantised = WeightType.allCases.filter { $0.blockSize > 1 }

    private let pool = WorkerPool(threads: 2)
    private let prompt = tokens(20, vocabulary: 517, seed: 31)

    private func level(_ model: NativeModel) throws -> NativeLevel {
        try NativeLevel(model: model, pool: pool, options: .of(context: 64))
    }

    @Test("A loaded model has the sizes of its file, and needs it no longer")
    func sizes() throws {
        let folder = try TemporaryFolder()
        let toy = RandomTransformer.narrow("qwen2", .q80)
        let path = try folder.write(toy.writer().bytes())
        let model = try NativeModel(GGUFModelFiles(path: path), pool: pool)
        #expect(model.path == path)
        #expect(model.vocabularySize == 517 && model.trainedContextSize == 512)
        let rows = try level(model).append(prompt, at: 0)
        _ = try folder.write(Array(repeating: 0, count: 10_000))
        #expect(try level(model).append(prompt, at: 0) == rows)
    }

    @Test("Any number of threads packs the same model", arguments: RandomTransformer.mixed)
    func packing(toy: RandomTransformer) throws {
        let models = try [1, 2, 5].map { try toy.load(pool: WorkerPool(threads: $0)) }
        let rows = try models.map { try level($0).append(prompt, at: 0) }
        #expect(rows[0] == rows[1] && rows[0] == rows[2])
    }

    @Test("Weights take about the memory that they take in the file", arguments: quantised)
    func memory(type: WeightType) throws {
        var toy = RandomTransformer.wide("llama", type)
        toy.sizes.vocabulary = 512
        let writer = toy.writer()
        let matrices = writer.tensors.filter { $0.dimensions.count == 2 }
        let bytes = matrices.reduce(0) { $0 + $1.data.count }
        let limit = type.blockSize == 256 ? 1.03 : 1.05
        let model = try writer.load(pool: pool)
        #expect(Double(model.byteCount) <= limit * Double(bytes))
        #expect(model.byteCount >= bytes)
    }

    @Test("A tied head takes no memory of its own")
    func tiedHead() throws {
        var toy = RandomTransformer.narrow("llama", .f32)
        let own = try toy.load(pool: pool).byteCount
        toy.sizes.hasOutput = false
        #expect(try own - toy.load(pool: pool).byteCount == 96 * 528 * 4)
    }

    @Test("A split model is the model", arguments: RandomTransformer.mixed)
    func splitModel(toy: RandomTransformer) throws {
        let whole = toy.writer()
        let folder = try TemporaryFolder()
        for part in 0..<3 {
            var writer = part == 0 ? whole : GGUFWriter()
            writer.tensors = whole.tensors.enumerated().filter { $0.offset % 3 == part }
                .map(\.element)
            writer.set("split.no", .uint16(UInt16(part)))
            writer.set("split.count", .uint16(3))
            writer.set("split.tensors.count", .int32(Int32(whole.tensors.count)))
            _ = try folder.write(writer.bytes(), as: "toy-0000\(part + 1)-of-00003.gguf")
        }
        let files = try GGUFModelFiles(path: folder.path + "/toy-00001-of-00003.gguf")
        let model = try NativeModel(files, pool: pool)
        #expect(model.path == files.path)
        let expected = try level(whole.load(pool: pool)).append(prompt, at: 0)
        #expect(try level(model).append(prompt, at: 0) == expected)
    }

    @Test("A file that ends inside its tensors is refused when it is opened")
    func truncation() throws {
        let folder = try TemporaryFolder()
        let bytes = RandomTransformer.narrow("qwen3", .q50).writer().bytes()
        let dataOffset = try GGUFFile(path: folder.write(bytes)).dataOffset
        for count in [
            bytes.count - 33, bytes.count / 2, (dataOffset + bytes.count) / 2, dataOffset + 1,
            dataOffset,
        ] {
            let path = try folder.write(Array(bytes[..<count]))
            #expect(throws: GGUFError.self) { try GGUFModelFiles(path: path) }
        }
    }

    @Test("A model that is not supported is refused with the reason")
    func unsupported() throws {
        let folder = try TemporaryFolder()
        var experts = ToyTransformer().writer()
        experts.set("llama.expert_count", .uint32(8))
        for writer in [experts, ToyTransformer("gemma3").writer()] {
            let files = try GGUFModelFiles(path: folder.write(writer.bytes()))
            let error = #expect(throws: NativeError.self) { try NativeModel(files, pool: pool) }
            #expect(error?.code == .unsupported)
            let message = try #require(error?.message)
            guard case .unsupported(let reason) = NativeSupport.of(files) else {
                Issue.record("supported")
                continue
            }
            #expect(message == "\(files.path): \(reason)")
        }
    }

    @Test(
        "Weights that are no numbers are computed with all the same",
        arguments: WeightType.allCases, [0xFF, 0x7F, 0x00])
    func noNumbers(type: WeightType, byte: UInt8) throws {
        var writer = RandomTransformer.small("qwen3", type).writer()
        for index in writer.tensors.indices {
            let count = writer.tensors[index].data.count
            writer.tensors[index].data = Array(repeating: byte, count: count)
        }
        let model = try writer.load(pool: pool)
        for set in InstructionSet.available {
            let level = try NativeLevel(
                model: model, pool: pool, options: .of(context: 64), instructionSet: set)
            let rows = try level.append(prompt.prefix(3), at: 0)
            #expect(rows.allSatisfy { $0.values.count == 517 })
            guard byte == 0 else { continue }
            #expect(rows.allSatisfy { $0.values.allSatisfy { $0 == 0 } })
        }
    }

    #if os(Linux)
        @Test("The file's pages are given back after loading")
        func pages() throws {
            var sizes = ToyTransformer()
            sizes.vocabulary = 40_000
            var writer = sizes.writer()
            writer.remove("tokenizer.ggml.tokens")
            let folder = try TemporaryFolder()
            let bytes = writer.bytes()
            let files = try GGUFModelFiles(path: folder.write(bytes))
            for tensor in files.tensors {
                let sum = files.storedTensor(named: tensor.name)?.withBytes { bytes in
                    bytes.reduce(0) { $0 &+ Int($1) }
                }
                #expect(sum == 0)
            }
            let before = try Self.residentBytes(of: files.path)
            #expect(before > bytes.count * 9 / 10)
            let model = try NativeModel(files, pool: pool)
            let after = try Self.residentBytes(of: files.path)
            #expect(after < bytes.count / 10)
            #expect(model.byteCount > 10_000_000)
            withExtendedLifetime(files) {}
        }

        /// How much of a mapped file is in this process's memory.
        private static func residentBytes(of path: String) throws -> Int {
            // The system does not say how long this file is, so it is read to its end.
            let list = try FileHandle(forReadingFrom: URL(filePath: "/proc/self/smaps"))
            let text = String(decoding: try list.readToEnd() ?? Data(), as: UTF8.self)
            var isMapping = false
            var kilobytes = 0
            for line in text.split(separator: "\n") {
                let fields = line.split(separator: " ")
                if fields.count >= 5, fields[0].contains("-"), fields[1].count == 4 {
                    isMapping = line.hasSuffix(path)
                } else if isMapping, fields.count == 3, fields[0] == "Rss:" {
                    kilobytes += Int(fields[1]) ?? 0
                }
            }
            return kilobytes * 1_024
        }
    #endif

    @Test("Levels, models and pools go when nobody uses them", arguments: [1, 3])
    func owners(threads: Int) throws {
        weak var model: NativeModel?
        weak var level: NativeLevel?
        weak var pool: WorkerPool?
        do {
            let threadPool = WorkerPool(threads: threads)
            let loaded = try RandomTransformer.narrow("llama", .q80).load(pool: threadPool)
            let made = try NativeLevel(
                model: loaded, pool: threadPool, options: .of(threads: threads, context: 64))
            for wanted in [1, 0] {
                _ = try made.append(prompt, at: 0, wanted: wanted)
            }
            (model, level, pool) = (loaded, made, threadPool)
            #expect(model != nil && level != nil && pool != nil)
        }
        #expect(model == nil && level == nil && pool == nil)
    }
}
