import Foundation
import PyramidDecoding
import PyramidEvaluation
import Testing

@Suite struct RecordTests {
    private let path = FileManager.default.temporaryDirectory
        .appendingPathComponent("pyramid-records-\(UUID().uuidString).jsonl").path

    private var bench: BenchRecord {
        var sampling = Sampling()
        sampling.temperature = 0.8
        sampling.seed = .max
        var record = BenchRecord(
            method: "psd-f(tau_q=0.4,tau_t=0.5)@draft:15,qualifier:25", levels: ["d", "q", "t"],
            item: PromptItem(id: "set/1", category: "law", text: "x"), repetition: 2,
            sampling: sampling)
        record.lookaheads = [15, 25]
        record.mode = "psd-f"
        record.modeParameters = ["tau_q": 0.4, "tau_t": 0.5]
        record.divergence = .jsFSD
        record.isLossy = true
        record.generatedTokens = 12
        record.decodeSeconds = 0.25
        record.meanTotalVariation = 0.01
        record.textHash = TextHash.of([1, 2, 3])
        var statistics = LevelStatistics()
        statistics.acceptedLengths = [1, 0, 3]
        statistics.time = .milliseconds(1500)
        statistics.written = 7
        record.levelStatistics = [LevelRecord(statistics)]
        return record
    }

    private let memory = MemoryRecord(levels: ["a"], peakBytes: 3, fileBytes: 2)

    @Test func `Records come back as they were written, each by its type`() throws {
        let header = RunHeader(
            models: [.init(name: "m", fileBytes: 9, backend: "native"), .init(name: "ngram")],
            threads: 2, commandLine: ["pyramid", "bench"], version: "1")
        let writer = try JSONLWriter(appendingTo: path)
        try writer.write(header)
        try writer.write(bench)
        try writer.write(memory)
        let reader = try JSONLReader(path: path)
        #expect(try reader.records(RunHeader.self) == [header])
        #expect(try reader.records(BenchRecord.self) == [bench])
        #expect(try reader.records(MemoryRecord.self) == [memory])
        #expect(header.machine.cores > 0 && header.machine.memoryBytes > 0)
    }

    @Test func `A line is snake case, with its type and seconds`() throws {
        try JSONLWriter(appendingTo: path).write(bench)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.hasSuffix("}\n"))
        #expect(text.contains(#""type":"bench""#))
        #expect(text.contains(#""mode_parameters":{"tau_q":0.4,"tau_t":0.5}"#))
        #expect(text.contains(#""accepted_lengths":[1,0,3]"#))
        #expect(text.contains(#""seconds":1.5"#))
        #expect(text.contains(#""temperature":0.8,"#))
    }

    @Test(arguments: [#"{"type":"memo"#, #"{"type":"memory","levels":["a"],"peak_by"#])
    func `A torn last line is left out, and taken away when writing goes on`(torn: String) throws {
        try JSONLWriter(appendingTo: path).write(memory)
        let file = try #require(FileHandle(forWritingAtPath: path))
        try file.seekToEnd()
        try file.write(contentsOf: Data(torn.utf8))
        try file.close()
        #expect(try JSONLReader(path: path).records(MemoryRecord.self) == [memory])
        try JSONLWriter(appendingTo: path).write(memory)
        #expect(try JSONLReader(path: path).records(MemoryRecord.self) == [memory, memory])
    }

    @Test func `A whole last line without its end is kept`() throws {
        try JSONLWriter(appendingTo: path).write(memory)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try Data(text.dropLast().utf8).write(to: URL(fileURLWithPath: path))
        #expect(try JSONLReader(path: path).records(MemoryRecord.self) == [memory])
        try JSONLWriter(appendingTo: path).write(memory)
        #expect(try JSONLReader(path: path).records(MemoryRecord.self) == [memory, memory])
    }

    @Test(arguments: [
        ("garbage\n", "not JSON"), (#"{"type":"memory"}"# + "\n", "no 'levels'"),
        (#"{"levels":3}"# + "\n", "no 'type'"),
        (#"{"type":"memory","levels":3}"# + "\n", "'levels'"),
    ])
    func `A bad line is named`(line: String, reason: String) throws {
        try JSONLWriter(appendingTo: path).write(memory)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try Data((text + line + text).utf8).write(to: URL(fileURLWithPath: path))
        let error = try #require(throws: RecordError.self) {
            try JSONLReader(path: path).records(MemoryRecord.self)
        }
        #expect(error.line == 2)
        #expect(error.description.contains(reason), "\(error)")
    }

    @Test func `A file that cannot be written is named`() throws {
        let error = try #require(throws: RecordError.self) {
            _ = try JSONLWriter(appendingTo: "/no/such/folder/file")
        }
        #expect(error.description.hasPrefix("/no/such/folder/file: cannot be written"))
    }

    // FNV-1a of no bytes is its offset basis; of the byte 'a' followed by zeros, computed apart.
    @Test func `The hash is FNV-1a`() {
        #expect(TextHash.of([]) == "cbf29ce484222325")
        #expect(TextHash.of([97]) == Self.fnv([97, 0, 0, 0]))
        #expect(TextHash.of([0x0102_0304, -1]) == Self.fnv([4, 3, 2, 1, 255, 255, 255, 255]))
        #expect(TextHash.of([1, 2]) != TextHash.of([2, 1]))
    }

    private static func fnv(_ bytes: [UInt8]) -> String {
        var hash: UInt64 = 14_695_981_039_346_656_037
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211 }
        return String(format: "%016lx", Int(bitPattern: UInt(hash)))
    }
}
