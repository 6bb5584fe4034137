import Foundation
import Testing

/// Evaluations as their users run them.
@Suite(.serialized, .timeLimit(.minutes(5))) struct EvalCommandTests {
    private let folder: TemporaryFolder
    private let prompts: String
    private let tiny: [String]

    init() throws {
        folder = try TemporaryFolder()
        prompts = try folder.write(
            "lists.txt", Array("One, two, three,\nA, B, C, A, B, C, A,\n".utf8))
        tiny = ["-m", try folder.write("model.gguf", TinyGGUF().bytes), "-md", "ngram"]
    }

    private func eval(_ flags: [String]) async throws -> CommandRun {
        try await PyramidProgram.run(["eval"] + flags)
    }

    @Test(
        "Flags that do not go together are refused",
        arguments: [
            ([], "No prompts: give -f FILE"), (["-f", "x", "--resume"], "--resume needs --json"),
            (["-f", "x", "-n", "0"], "--n-predict 0"), (["-f", "x", "--count", "0"], "--count 0"),
        ])
    func flags(flags: [String], words: String) async throws {
        try await eval(tiny + flags).expectRefusal(64, words)
    }

    @Test("A method that cannot be read is refused before the model is loaded")
    func spec() async throws {
        try await eval(tiny + ["-f", prompts, "--method", "foo"])
            .expectRefusal(64, "method 'foo'", "known: plain, auto, exact")
    }

    @Test("Prompt files that are not there, or there twice, are refused")
    func promptFiles() async throws {
        let none = folder.path("none.txt")
        try await eval(tiny + ["-f", none]).expectRefusal(1, "\(none): cannot be read")
        try await eval(tiny + ["-f", prompts, "-f", prompts])
            .expectRefusal(1, "\(prompts) is named twice", "give each file once")
    }

    @Test(
        "An exact method's texts are plain's, and its answers are in the file", .needsModel,
        .tags(.weights))
    func eval() async throws {
        let results = folder.path("results.jsonl")
        let flags = [
            "-m", try TestModel.path, "-md", "ngram", "-t", "1", "-f", prompts, "-n", "8",
            "--method", "exact@ngram:4", "--json", results,
        ]
        let run = try await eval(flags)
        run.expectSuccess()
        let row = try #require(
            run.text.split(separator: "\n").first { $0.hasPrefix("exact@ngram:4 ") })
        #expect(row.contains("1.00") && row.contains(" of 2 "), "\(run.text)")
        let records = try RecordLine.read(results)
        #expect(records.map(\.type) == ["header"] + Array(repeating: "eval", count: 4))
        #expect(records.dropFirst().allSatisfy { $0.tokens?.value == 8 })
        try await eval(flags).expectRefusalAfterLoading("has results already", "--resume")
        let resumed = try await eval(flags + ["--resume"])
        resumed.expectSuccess()
        #expect(resumed.text == run.text)
        #expect(try RecordLine.read(results).count { $0.type == "eval" } == 4)
    }
}

extension CommandRun {
    /// The program has refused, after it has told of the models that it loaded.
    func expectRefusalAfterLoading(
        _ words: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(end == .exited(1), "\(errors)", sourceLocation: sourceLocation)
        #expect(output.isEmpty, sourceLocation: sourceLocation)
        let error = complaints.last ?? ""
        #expect(error.hasPrefix("error: "), "\(errors)", sourceLocation: sourceLocation)
        for word in words {
            #expect(error.contains(word), "\(errors)", sourceLocation: sourceLocation)
        }
    }
}
