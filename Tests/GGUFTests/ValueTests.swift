import GGUFTestSupport
import GGUF
import Testing

@Suite("Metadata values")
struct ValueTests {
    @Test("Every value type comes back as it was written")
    func scalars() throws {
        var writer = GGUFWriter()
        writer.set("u8", .uint8(255))
        writer.set("i8", .int8(-128))
        writer.set("u16", .uint16(65535))
        writer.set("i16", .int16(-32768))
        writer.set("u32", .uint32(.max))
        writer.set("i32", .int32(.min))
        writer.set("u64", .uint64(.max))
        writer.set("i64", .int64(.min))
        writer.set("f32", .float32(-1.5))
        writer.set("f64", .float64(.pi))
        writer.set("yes", .bool(true))
        writer.set("no", .bool(false))
        let metadata = try open(writer).metadata
        let expected: [(String, GGUFValue)] = [
            ("u8", .uint8(255)), ("i8", .int8(-128)), ("u16", .uint16(65535)),
            ("i16", .int16(-32768)), ("u32", .uint32(.max)), ("i32", .int32(.min)),
            ("u64", .uint64(.max)), ("i64", .int64(.min)), ("f32", .float32(-1.5)),
            ("f64", .float64(.pi)), ("yes", .bool(true)), ("no", .bool(false)),
        ]
        #expect(metadata.entries.map(\.key) == expected.map(\.0))
        for (key, value) in expected { #expect(metadata[key] == value) }
    }

    @Test("Strings come back, and bytes that are not UTF-8 are repaired")
    func strings() throws {
        var writer = GGUFWriter()
        writer.set("plain", .string("héllo 日本"))
        writer.set("empty", .string(""))
        writer.set("broken", .raw(type: 8, [2, 0, 0, 0, 0, 0, 0, 0, 0x61, 0xFF]))
        let metadata = try open(writer).metadata
        #expect(metadata.text("plain") == "héllo 日本")
        #expect(metadata.text("empty") == "")
        #expect(metadata.text("broken") == "a\u{FFFD}")
        guard case .string(let broken) = metadata["broken"] else {
            Issue.record("not a string")
            return
        }
        #expect(broken.utf8 == [0x61, 0xFF])
    }

    @Test("Arrays of every scalar type and of strings come back")
    func arrays() throws {
        let elements: [WrittenValue] = [
            .uint8(7), .int8(-7), .uint16(7), .int16(-7), .uint32(7), .int32(-7), .uint64(7),
            .int64(-7), .float32(0.5), .float64(-0.5), .bool(true), .string("seven"),
        ]
        var writer = GGUFWriter()
        for (index, element) in elements.enumerated() {
            let array = WrittenValue.array(type: element.typeNumber, [element, element, element])
            writer.set("array.\(index)", array)
            writer.set("scalar.\(index)", element)
        }
        let metadata = try open(writer).metadata
        for index in elements.indices {
            let array = try #require(metadata.array("array.\(index)"))
            let scalar = try #require(metadata["scalar.\(index)"])
            #expect(array.count == 3)
            #expect(Array(array) == [scalar, scalar, scalar])
        }
    }

    @Test("Nested arrays come back")
    func nested() throws {
        let metadata = try open(ToyModel.writer()).metadata
        let outer = try #require(metadata.array("test.nested"))
        let inner = outer.map(\.arrayValue)
        #expect(inner.count == 3)
        #expect(inner[0]?.integers() == [1, 2])
        #expect(inner[1]?.map(\.textValue) == ["x", ""])
        #expect(inner[2]?.count == 0)
    }

    @Test("A value of another type reads as nothing")
    func wrongTypes() throws {
        let metadata = try open(ToyModel.writer()).metadata
        #expect(metadata.integer("general.name") == nil)
        #expect(metadata.text("llama.block_count") == nil)
        #expect(metadata.boolean("llama.block_count") == nil)
        #expect(metadata.array("llama.block_count") == nil)
        #expect(metadata.number("llama.block_count") == 2)
        #expect(metadata["absent"] == nil)
    }
}
