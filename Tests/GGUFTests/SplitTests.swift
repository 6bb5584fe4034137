import GGUFTestSupport
import GGUF
import Testing

@Suite("Split models")
struct SplitTests {
    private func part(_ index: Int, of count: Int, tensors total: Int) -> GGUFWriter {
        var writer = index == 0 ? ToyModel.writer() : GGUFWriter()
        writer.tensors = []
        writer.set("split.no", .uint16(UInt16(index)))
        writer.set("split.count", .uint16(UInt16(count)))
        writer.set("split.tensors.count", .int32(Int32(total)))
        writer.addTensor("blk.\(index).weight", [8])
        return writer
    }

    private func name(_ number: Int, of count: Int = 3) -> String {
        "toy-0000\(number)-of-0000\(count).gguf"
    }

    private func error(
        in folder: TemporaryFolder, number: Int = 1, of count: Int = 3
    ) -> GGUFError? {
        failure { () throws(GGUFError) in
            _ = try GGUFModelFiles(path: folder.path + "/" + name(number, of: count))
        }
    }

    private func whole() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        for index in 0..<3 {
            _ = try folder.write(
                part(index, of: 3, tensors: 3).bytes(), as: name(index + 1))
        }
        return folder
    }

    @Test("All parts open from the first and make one model")
    func wholeModel() throws {
        let folder = try whole()
        let files = try GGUFModelFiles(path: folder.path + "/" + name(1))
        #expect(files.parts.count == 3)
        #expect(files.tensors.map(\.name) == ["blk.0.weight", "blk.1.weight", "blk.2.weight"])
        #expect(files.tensor(named: "blk.2.weight")?.byteCount == 32)
        #expect(files.metadata.text("general.name") == "Toy")
        #expect(files.byteCount == files.parts.map(\.byteCount).reduce(0, +))
        #expect(ModelDescription(files).parameterCount == 24)
        #expect(try VocabularyDescription(files).size == ToyModel.tokens.count)
    }

    @Test("A model of one file opens, whatever its name")
    func single() throws {
        let folder = try TemporaryFolder()
        for name in ["toy.gguf", "toy-00001-of-00001.gguf", "toy-1-of-3.gguf", "-of-.gguf"] {
            let path = try folder.write(ToyModel.writer().bytes(), as: name)
            #expect(try GGUFModelFiles(path: path).parts.count == 1)
        }
    }

    @Test("A part other than the first says which to open")
    func notFirst() throws {
        let folder = try whole()
        let found = try #require(error(in: folder, number: 2))
        #expect(found.code == .notFirstPart)
        #expect(found.message.contains(name(1)))
        let renamed = try folder.write(part(1, of: 3, tensors: 3).bytes(), as: "renamed.gguf")
        let second = failure { () throws(GGUFError) in _ = try GGUFModelFiles(path: renamed) }
        #expect(second?.code == .notFirstPart)
    }

    @Test("A missing part is named")
    func missing() throws {
        let folder = try TemporaryFolder()
        for index in [0, 1] {
            _ = try folder.write(part(index, of: 3, tensors: 3).bytes(), as: name(index + 1))
        }
        let found = try #require(error(in: folder))
        #expect(found.code == .partMissing)
        #expect(found.path.hasSuffix(name(3)))
    }

    @Test("Parts that contradict each other are refused")
    func disagreement() throws {
        let wrongSecondParts = [
            part(2, of: 3, tensors: 3), part(1, of: 4, tensors: 3), part(1, of: 3, tensors: 9),
            ToyModel.writer(),
        ]
        for second in wrongSecondParts {
            let folder = try whole()
            _ = try folder.write(second.bytes(), as: name(2))
            #expect(error(in: folder)?.code == .partsDisagree)
        }
    }

    @Test("Names, counts and metadata that contradict each other are refused")
    func contradictions() throws {
        let folder = try whole()
        _ = try folder.write(ToyModel.writer().bytes(), as: name(1, of: 2))
        #expect(error(in: folder, of: 2)?.code == .partsDisagree)
        var unnamed = part(0, of: 3, tensors: 3)
        let path = try folder.write(unnamed.bytes(), as: "unnamed.gguf")
        let found = failure { () throws(GGUFError) in _ = try GGUFModelFiles(path: path) }
        #expect(found?.code == .partsDisagree)
        unnamed.set("split.count", .uint64(1 << 60))
        _ = try folder.write(unnamed.bytes(), as: name(1))
        #expect(error(in: folder)?.code == .partsDisagree)
        _ = try folder.write(part(0, of: 3, tensors: 5).bytes(), as: name(1))
        #expect(error(in: folder)?.code == .partsDisagree)
    }

    @Test("A tensor in two parts is refused, and a damaged part is named")
    func damagedParts() throws {
        let folder = try whole()
        var second = part(1, of: 3, tensors: 3)
        second.tensors[0].name = "blk.0.weight"
        _ = try folder.write(second.bytes(), as: name(2))
        #expect(error(in: folder)?.code == .duplicateTensor)
        _ = try folder.write([1, 2, 3, 4], as: name(2))
        let found = try #require(error(in: folder))
        #expect(found.code == .notGGUF)
        #expect(found.path.hasSuffix(name(2)))
    }
}
