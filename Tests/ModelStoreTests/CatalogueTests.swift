import Crypto
import Foundation
import ModelStore
import Testing

@Suite struct `The catalogue` {
    @Test(arguments: ModelCatalogue.families)
    func `finds each family by its name, in any case`(_ family: ModelFamily) throws {
        #expect(try ModelCatalogue.family(named: family.name) == family)
        #expect(try ModelCatalogue.family(named: family.name.uppercased()) == family)
    }

    @Test(arguments: ModelCatalogue.families)
    func `holds well-formed facts`(_ family: ModelFamily) {
        #expect(family.levels.first?.role == .target)
        #expect(family.level(.target)?.file != nil)
        #expect(Set(family.levels.map(\.role)).count == family.levels.count)
        for file in family.files {
            #expect(file.repository.split(separator: "/").count == 2)
            #expect(file.name.hasSuffix(".gguf"))
            #expect(file.sha256.map { $0.isHexadecimal(digits: 64) } ?? true)
            #expect(file.commit.map { $0.isHexadecimal(digits: 40) } ?? true)
            #expect(file.sources.first == .huggingFace || file.sources == [.shipped])
            // Only the hub states a hash: for other sources the catalogue has to.
            #expect(file.sources == [.huggingFace] || (file.sha256 != nil && file.bytes != nil))
        }
    }

    @Test func `has what is shipped in the folder Models, byte for byte`() throws {
        let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let shipped = ModelCatalogue.families.flatMap(\.files).filter { $0.sources == [.shipped] }
        #expect(!shipped.isEmpty)
        var total = 0
        for file in shipped {
            let content = try Data(
                contentsOf: checkout.appendingPathComponent("Models/\(file.name)"))
            #expect(content.count == file.bytes)
            #expect(SHA256.hash(data: content).hexadecimal == file.sha256)
            total += content.count
        }
        // What a clone of the repository has to carry stays small.
        #expect(total <= 45_000_000)
    }

    @Test func `names the known families and the nearest for a name it does not know`() throws {
        let error = try #require(throws: ModelStoreError.self) {
            try ModelCatalogue.family(named: "smolm2")
        }
        #expect(error.code == .unknownFamily)
        #expect(error.message.contains("Did you mean smollm2?"))
        #expect(error.message.contains("qwen2.5-coder, smollm2, llama-3, qwen3"))
        let far = try #require(throws: ModelStoreError.self) {
            try ModelCatalogue.family(named: "something else entirely")
        }
        #expect(!far.message.contains("Did you mean"))
    }

    @Test(arguments: [
        ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("ab", "ba", 2),
        ("same", "same", 0),
    ])
    func `measures the distance of names by edits`(_ a: String, _ b: String, _ edits: Int) {
        #expect(editDistance(a, b) == edits)
        #expect(editDistance(b, a) == edits)
    }

    @Test func `numbers the parts of a file from one`() {
        let parts: [WheelPart] = .numbered("part", count: 3, version: "2")
        #expect(parts.map(\.requirement) == ["part1==2", "part2==2", "part3==2"])
    }
}
