import GGUFTestSupport
import GGUF
import Testing

@Suite("Damaged files")
struct DamageTests {
    private func code(_ change: (inout GGUFWriter) -> Void) throws -> GGUFError.Code? {
        var writer = ToyModel.writer()
        change(&writer)
        let error = try failure(opening: writer.bytes())
        if let error {
            #expect(error.message.count > 40)
            #expect(error.path.hasSuffix("model.gguf"))
        }
        return error?.code
    }

    @Test("Lying header counts are refused", arguments: [1 << 40, 1 << 60, UInt64.max])
    func headerCounts(count: UInt64) throws {
        #expect(try code { $0.claimedTensorCount = count } == .impossibleCount)
        #expect(try code { $0.claimedEntryCount = count } == .impossibleCount)
    }

    @Test("A header count that is a little too large ends past the file")
    func slightlyTooMany() throws {
        #expect(try code { $0.claimedTensorCount = 10_000 } == .truncated)
        #expect(try code { $0.claimedEntryCount = 10_000 } == .truncated)
    }

    @Test(
        "Arrays with lying counts are refused, whatever their elements",
        arguments: [UInt32(0), 4, 8, 9, 12])
    func arrayCounts(elementType: UInt32) throws {
        for count in [UInt64(1) << 60, .max] {
            var bytes: [UInt8] = []
            bytes.append(integer: elementType)
            bytes.append(integer: count)
            #expect(try code { $0.set("lie", .raw(type: 9, bytes)) } == .impossibleCount)
        }
    }

    @Test("A string with a lying length is refused")
    func stringLength() throws {
        var bytes: [UInt8] = []
        bytes.append(integer: UInt64.max)
        #expect(try code { $0.set("lie", .raw(type: 8, bytes)) } == .impossibleCount)
    }

    @Test("Unknown value types are refused", arguments: [UInt32(13), 99, .max])
    func valueTypes(number: UInt32) throws {
        #expect(try code { $0.set("odd", .raw(type: number, [])) } == .unknownValueType)
    }

    @Test("Arrays nested without end are refused")
    func nesting() throws {
        var value = WrittenValue.integers([1])
        for _ in 0..<40 { value = .array(type: 9, [value]) }
        #expect(try code { $0.set("deep", value) } == .nestingTooDeep)
    }

    @Test("Keys that are doubled, empty or endless are refused")
    func keys() throws {
        let entry = GGUFWriter.Entry(key: "general.name", value: .uint8(1))
        #expect(try code { $0.entries.append(entry) } == .duplicateKey)
        #expect(try code { $0.set("", .uint8(1)) } == .invalidName)
        let endless = String(repeating: "k", count: 70_000)
        #expect(try code { $0.set(endless, .uint8(1)) } == .invalidName)
    }

    @Test("An alignment that is no power of two is refused")
    func alignment() throws {
        for value in [0, 3, 24, UInt32.max] {
            #expect(try code { $0.set("general.alignment", .uint32(value)) } == .badAlignment)
        }
        #expect(try code { $0.set("general.alignment", .string("32")) } == .badAlignment)
        #expect(try code { $0.set("general.alignment", .int32(-32)) } == .badAlignment)
    }

    @Test("Another alignment is followed", arguments: [1, 8, 64, 4096])
    func otherAlignments(alignment: Int) throws {
        var writer = ToyModel.writer()
        writer.set("general.alignment", .uint32(UInt32(alignment)))
        writer.alignment = alignment
        let file = try open(writer)
        #expect(file.alignment == alignment)
        #expect(file.dataOffset.isMultiple(of: alignment))
    }

    @Test("An alignment beyond the file's end is refused when there are tensors")
    func hugeAlignment() throws {
        let error = try code { $0.set("general.alignment", .uint64(1 << 62)) }
        #expect(error == .misalignedTensor || error == .tensorPastEnd)
    }

    @Test("Two tensors of one name are refused")
    func duplicateTensor() throws {
        #expect(try code { $0.addTensor("token_embd.weight", [1]) } == .duplicateTensor)
    }

    @Test("Unknown and removed tensor types are refused")
    func tensorTypes() throws {
        for number in [UInt32(4), 31, 43, .max] {
            #expect(try code { $0.tensors[0].type = number } == .unknownTensorType)
        }
        var writer = ToyModel.writer()
        writer.tensors[0].type = 31
        let error = try failure(opening: writer.bytes())
        #expect(error?.message.contains("take a Q4_0 file") == true)
    }

    @Test("Shapes that are too deep, too large or cut blocks are refused")
    func shapes() throws {
        let shapes: [[UInt64]] = [
            [1, 1, 1, 1, 1], [1 << 63], [.max, 1], [1 << 32, 1 << 32], [1 << 62, 4], [1 << 62],
        ]
        for shape in shapes {
            #expect(try code { $0.tensors[0].dimensions = shape } == .invalidShape)
        }
        #expect(try code { $0.tensors[1].dimensions = [255, 2] } == .invalidShape)
        #expect(try code { $0.tensors[1].dimensions = [] } == .invalidShape)
    }

    @Test("Tensor data past the end of the file or off the alignment is refused")
    func offsets() throws {
        #expect(try code { $0.tensors[0].offset = 4096 } == .tensorPastEnd)
        #expect(try code { $0.tensors[0].offset = 1 << 62 } == .tensorPastEnd)
        #expect(try code { $0.tensors[0].offset = .max - 31 } == .tensorPastEnd)
        #expect(try code { $0.tensors[0].offset = 1 } == .misalignedTensor)
    }

    @Test("Overlapping and empty tensors are allowed")
    func overlap() throws {
        #expect(try code { $0.tensors[1].offset = 0 } == nil)
        #expect(try code { $0.tensors[0].dimensions = [0, 1 << 62] } == nil)
        #expect(try code { $0.tensors[0].dimensions = [] } == nil)
    }

    @Test("A file without metadata and tensors opens")
    func bare() throws {
        let file = try open(GGUFWriter())
        #expect(file.metadata.entries.isEmpty)
        #expect(file.tensors.isEmpty)
    }
}
