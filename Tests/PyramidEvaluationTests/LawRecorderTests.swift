import Foundation
import PyramidDecoding
import PyramidEvaluation
import PyramidTestSupport
import Testing

struct LawRecorderTests {
    private let logits = ToyLogits(vocabularySize: 9, baseSeed: 5, levelSeed: 2)
    private let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("recording-\(UUID().uuidString)")

    /// An array of a `.npy` file, read without NumPy.
    private struct Stored<Element> {
        let header: String
        let elements: [Element]

        init(_ url: URL) throws {
            let data = try Data(contentsOf: url)
            #expect(data.prefix(8) == Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0]))
            let length = Int(data[8]) + Int(data[9]) << 8
            #expect((10 + length).isMultiple(of: 64))
            header = String(decoding: data[10..<(10 + length)], as: UTF8.self)
            elements = data.dropFirst(10 + length).withUnsafeBytes { bytes in
                (0..<bytes.count / MemoryLayout<Element>.stride).map {
                    bytes.loadUnaligned(
                        fromByteOffset: $0 * MemoryLayout<Element>.stride, as: Element.self)
                }
            }
        }
    }

    private func stored<Element>(_ name: String, _: Element.Type) throws -> Stored<Element> {
        try Stored(folder.appendingPathComponent(name + ".npy"))
    }

    @Test func `The most probable tokens of every law are there, the best first`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let model = ToyModel(logits)
        let recorder = try LawRecorder(folder: folder, kept: 4)
        let texts: [[TokenID]] = [[1, 5, 2, 8, 0, 3], (0..<100).map { $0 * 7 % 9 }, [4, 4]]
        for (index, text) in texts.enumerated() {
            try recorder.add(text, promptCount: index * 3, by: model)
        }
        try recorder.finish()
        #expect(recorder.count == 108)
        #expect(model.violations.isEmpty, "\(model.violations)")
        let tokens = try stored("tokens", Int32.self)
        #expect(tokens.elements == texts.flatMap { $0 })
        #expect(tokens.header.contains("'descr': '<i4', 'fortran_order': False, 'shape': (108,)"))
        let starts = try stored("texts", Int64.self)
        #expect(starts.elements == [0, 0, 6, 9, 106, 108])
        #expect(starts.header.contains("'shape': (3, 2)"))
        let ids = try stored("ids", Int32.self).elements
        let logs = try stored("logs", Float.self).elements
        var row = 0
        for text in texts {
            #expect(ids[row * 4] == text[0] && logs[row * 4] == 0)
            #expect(logs[(row * 4 + 1)..<(row * 4 + 4)].allSatisfy { $0 == -.infinity })
            for index in 1..<text.count {
                let law = ReferenceLaw.softmax(
                    logits.row(after: text[..<index]).map { Double($0) })
                let best = law.indices.sorted { law[$0] > law[$1] }.prefix(4)
                let place = (row + index) * 4
                #expect(ids[place..<(place + 4)].map(Int.init) == Array(best))
                for (log, token) in zip(logs[place...], best) {
                    #expect(abs(Double(log) - Foundation.log(law[token])) < 1e-4)
                }
            }
            row += text.count
        }
    }

    @Test func `What does not fit into the context is left out`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let recorder = try LawRecorder(folder: folder, kept: 9)
        try recorder.add(
            Array(repeating: 3, count: 40), promptCount: 30,
            by: ToyModel(logits, contextSize: 20))
        try recorder.finish()
        #expect(recorder.count == 20)
        #expect(try stored("texts", Int64.self).elements == [0, 20])
        #expect(try stored("ids", Int32.self).elements.count == 180)
    }
}
