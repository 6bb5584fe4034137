import Foundation
import Testing

/// Sweeps as their users run them.
@Suite(.serialized, .timeLimit(.minutes(5))) struct SweepCommandTests {
    private let folder: TemporaryFolder
    private let prompts: String
    private let tiny: String

    init() throws {
        folder = try TemporaryFolder()
        prompts = try folder.write("lists.txt", Array("One, two, three,\nA, B, C, A, B,\n".utf8))
        tiny = try folder.write("model.gguf", TinyGGUF().bytes)
    }

    private func sweep(_ flags: [String]) async throws -> CommandRun {
        try await PyramidProgram.run(["sweep"] + flags)
    }

    @Test(
        "A grid that is none is refused by its flag",
        arguments: [
            (["--tau-t", "0.2,x"], "--tau-t '0.2,x': 'x' is not a number"),
            (["--draft-lookaheads", "2.5"], "--draft-lookaheads '2.5': '2.5' is not a number"),
            (["--divergence", "foo"], "Unknown --divergence 'foo'; known: js"),
            (["--exact-lookaheads", "0"], "the lookahead 0 of draft is not 1 or more"),
        ])
    func grid(flags: [String], words: String) async throws {
        try await sweep(["-m", tiny, "-md", tiny, "-f", prompts] + flags)
            .expectRefusal(64, words)
    }

    @Test("A sweep without a draft model is refused with the ways to name one")
    func noDraft() async throws {
        try await sweep(["-m", tiny, "-md", "ngram", "-f", prompts])
            .expectRefusal(64, "needs a model below the target", "-md", "--family")
    }

    @Test("A sweep without prompts is refused")
    func noPrompts() async throws {
        try await sweep(["-m", tiny, "-md", tiny]).expectRefusal(64, "No prompts: give -f FILE")
    }

    @Test(
        "A sweep measures the cells that were asked for beside its references, and goes on",
        .needsModel, .tags(.weights))
    func sweep() async throws {
        let results = folder.path("results.jsonl")
        let model = try TestModel.path
        let flags = [
            "-m", model, "-md", model, "-t", "1", "-f", prompts, "-n", "6", "--exact-lookaheads",
            "3", "--draft-lookaheads", "3,5", "--qualifier-lookaheads", "5", "--tau-t", "0.3,0.4",
            "--cells", "tau_t=0.4", "--cells", ":5", "--json", results,
        ]
        let run = try await sweep(flags)
        run.expectSuccess()
        let cells = ["plain", "exact@draft:3", "fsd(tau_t=0.4)@draft:5"]
        for cell in cells {
            #expect(
                run.text.split(separator: "\n").contains { $0.hasPrefix(cell + " ") },
                "\(run.text)")
        }
        let records = try RecordLine.read(results)
        #expect(records.map(\.type) == ["header", "sweep", "sweep", "sweep"])
        #expect(records.compactMap(\.cell) == cells)
        #expect(records.dropFirst().allSatisfy { $0.tokens?.value == 12 })
        let resumed = try await sweep(flags + ["--resume"])
        resumed.expectSuccess()
        #expect(resumed.text == run.text)
        #expect(try RecordLine.read(results).count { $0.type == "sweep" } == 3)
    }
}
