import Foundation
import Testing

/// Many prompts at a time, and laws on their answers, as users run them.
@Suite(.serialized, .timeLimit(.minutes(5))) struct BatchCommandTests {
    private let folder: TemporaryFolder
    private let prompts: String
    private let tiny: [String]

    init() throws {
        folder = try TemporaryFolder()
        prompts = try folder.write(
            "lists.txt", Array("One, two, three,\nA, B, C, A, B, C, A,\nThe sea\n".utf8))
        tiny = ["-m", try folder.write("model.gguf", TinyGGUF().bytes)]
    }

    private struct Answer: Decodable, Equatable {
        var id: String
        var sample: Int
        var seed: UInt64
        var levels: [String]
        var prompt: String
        var prompt_tokens: [Int]
        var text: String
        var tokens: [Int]
        var finish_reason: String
    }

    private func answers(_ name: String) throws -> [Answer] {
        let data = try Data(contentsOf: URL(fileURLWithPath: folder.path(name)))
        return try data.split(separator: UInt8(ascii: "\n"))
            .map { try JSONDecoder().decode(Answer.self, from: $0) }
            .sorted { ($0.id, $0.sample) < ($1.id, $1.sample) }
    }

    private func batch(_ flags: String...) async throws -> CommandRun {
        try await PyramidProgram.run(
            [
                "batch", "-t", "1", "-n", "16", "-f", prompts, "--seed", "1", "-m",
                try TestModel.path,
            ] + flags)
    }

    @Test(
        "Each answer is what its prompt alone gives with its seed", .needsModel, .tags(.weights),
        arguments: ["0", "0.8"])
    func solo(temperature: String) async throws {
        let flags = ["--temp", temperature, "-md", "ngram"]
        try await PyramidProgram.run(
            [
                "batch", "-t", "1", "-n", "16", "-f", prompts, "-m", try TestModel.path, "-np", "4",
                "--samples", "2", "--seed", "5", "-o", folder.path("out.jsonl"),
            ] + flags
        ).expectSuccess()
        let answers = try answers("out.jsonl")
        #expect(
            answers.map(\.id) == ["lists/1", "lists/1", "lists/2", "lists/2", "lists/3", "lists/3"])
        #expect(answers.map(\.sample) == [0, 1, 0, 1, 0, 1])
        #expect(answers.map(\.seed) == [5, 6, 7, 8, 9, 10])
        for answer in answers {
            let alone = try await TestModel.generate(
                ["-m", try TestModel.path], answer.prompt, "--seed", "\(answer.seed)", "--temp",
                temperature, "-md", "ngram")
            // At the end of a text comes a line's end.
            #expect(
                alone.text.trimmingCharacters(in: .newlines)
                    == answer.text.trimmingCharacters(in: .newlines))
            #expect(!answer.prompt_tokens.isEmpty)
            #expect(answer.tokens.count == 16 || answer.finish_reason == "end")
        }
    }

    @Test("A batch that was cut off goes on with what is missing", .needsModel, .tags(.weights))
    func resume() async throws {
        try await batch("--temp", "0", "-o", folder.path("out.jsonl")).expectSuccess()
        let whole = try answers("out.jsonl")
        let url = URL(fileURLWithPath: folder.path("out.jsonl"))
        let data = try Data(contentsOf: url)
        let first = try #require(data.firstIndex(of: UInt8(ascii: "\n")))
        try data.prefix(first + 40).write(to: url)
        try await batch("--temp", "0", "-o", folder.path("out.jsonl"))
            .expectRefusal(1, "has answers already", "--resume")
        try await batch("--temp", "0", "-o", folder.path("out.jsonl"), "--resume").expectSuccess()
        #expect(try answers("out.jsonl") == whole)
        // Other prompts under the same names are not taken for these.
        let second = try TemporaryFolder()
        defer { withExtendedLifetime(second) {} }
        let other = try second.write("lists.txt", Array("Another,\n".utf8))
        try await PyramidProgram.run([
            "batch", "-f", other, "-m", try TestModel.path, "-o", folder.path("out.jsonl"),
            "--resume",
        ]).expectFailure("has an answer lists/1 to another prompt")
    }

    @Test(
        "Flags without sense are refused",
        arguments: [
            (["-np", "0"], "--parallel 0 is not between 1 and 256"),
            (["--samples", "0"], "--samples 0"), (["-n", "0"], "--n-predict 0 is not 1 or more"),
        ])
    func flags(flags: [String], words: String) async throws {
        try await PyramidProgram.run(
            ["batch"] + tiny + ["-f", prompts, "-o", folder.path("x")] + flags
        ).expectRefusal(64, words)
    }

    @Test("A file of something else is not gone on with")
    func foreignFile() async throws {
        let file = try folder.write("notes.jsonl", Array("{\"a\": 1}\n".utf8))
        try await PyramidProgram.run(
            ["batch"] + tiny + ["-f", prompts, "-o", file, "--resume"]
        ).expectRefusal(1, "notes.jsonl, line 1: not an answer of pyramid batch")
    }

    @Test("Laws on answers and on plain texts are recorded", .needsModel, .tags(.weights))
    func record() async throws {
        try await batch("--temp", "0", "-o", folder.path("out.jsonl")).expectSuccess()
        let model = try TestModel.path
        let laws = folder.path("laws")
        try await PyramidProgram.run([
            "record", "-t", "1", "-m", model, "-f", folder.path("out.jsonl"), "-f", prompts, "-o",
            laws, "--top", "8", "--length", "12",
        ]).expectSuccess()
        let header = { (name: String) in
            String(
                decoding: try Data(contentsOf: URL(fileURLWithPath: "\(laws)/\(name).npy"))
                    .prefix(128), as: UTF8.self)
        }
        let tokens = try #require(try header("tokens").firstMatch(of: #/'shape': \((\d+),\)/#)?.1)
        #expect(try header("ids").contains("'shape': (\(tokens), 8)"))
        #expect(try header("logs").contains("'shape': (\(tokens), 8)"))
        #expect(try #require(Int(tokens)) > 48)
        try await PyramidProgram.run(["record", "-m", model, "-f", prompts, "-o", laws])
            .expectRefusal(1, "laws exists; name a new folder")
    }

    @Test(
        "What cannot be recorded is refused", .needsModel, .tags(.weights),
        arguments: [
            (["--top", "60000"], 1, "--top 60000 is more than the model's 49152 tokens"),
            (["--top", "0"], 64, "--top 0 is not 1 or more"),
            (["--length", "1"], 64, "--length 1 is not 2 or more"),
            (["-f", "/nowhere.txt"], 1, "/nowhere.txt cannot be read"),
        ])
    func recordRefusals(flags: [String], code: Int32, words: String) async throws {
        let run = try await PyramidProgram.run(
            ["record", "-m", try TestModel.path, "-f", prompts, "-o", folder.path("laws")] + flags)
        #expect(run.end == .exited(code))
        #expect(run.complaints.last?.contains(words) == true, "\(run.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.path("laws")))
    }
}
