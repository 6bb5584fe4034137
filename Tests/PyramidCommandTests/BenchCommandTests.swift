import Foundation
import Testing

/// The bench as its users run it: what it refuses, and what it leaves behind.
@Suite(.serialized, .timeLimit(.minutes(5))) struct BenchCommandTests {
    private let folder: TemporaryFolder
    private let prompts: String
    /// A model that can be read but not run.
    private let tiny: [String]

    init() throws {
        folder = try TemporaryFolder()
        prompts = try folder.write(
            "lists.txt", Array("One, two, three,\nA, B, C, A, B, C, A,\n".utf8))
        tiny = ["-m", try folder.write("model.gguf", TinyGGUF().bytes), "-md", "ngram"]
    }

    private func bench(_ flags: [String]) async throws -> CommandRun {
        try await PyramidProgram.run(["bench"] + flags)
    }

    @Test("The help says how methods are written and what is measured without any")
    func help() async throws {
        let help = try await bench(["--help"]).text
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for words in [
            "A method is MODE or MODE@LEVEL:N", "psd-f(tau_q=T,tau_t=T)", "--resume", "--report",
            "(default: plain, each pair at fixed lookaheads",
        ] {
            #expect(help.contains(words), "\(words)")
        }
    }

    @Test(
        "A method that cannot be read is refused with itself and what is known",
        arguments: [
            ("foo", "known: plain, auto, exact"), ("exact@draft:4", "known: ngram"),
            ("exact@ngram:x", "'exact@ngram:x'"), ("exact(tau_t=1)", "no parameter 'tau_t'"),
            ("plain@ngram", "plain takes no levels"), ("psd-a@ngram", "3 levels"),
        ])
    func spec(method: String, words: String) async throws {
        try await bench(tiny + ["-f", prompts, "--method", method])
            .expectRefusal(64, "method '\(method)'", words)
    }

    @Test(
        "Flags that do not go together are refused",
        arguments: [
            ([], "No prompts: give -f FILE"), (["-f", "x", "--resume"], "--resume needs --json"),
            (["-f", "x", "--plans"], "--plans needs --json"),
            (["-f", "x", "--report", "y"], "--report runs nothing"),
            (["-f", "x", "-n", "0"], "--n-predict 0"), (["-f", "x", "--count", "0"], "--count 0"),
            (["-f", "x", "--repeat", "0"], "--repeat 0"),
        ])
    func flags(flags: [String], words: String) async throws {
        try await bench(tiny + flags).expectRefusal(64, words)
    }

    @Test("A prompt file that is not there is refused by its path")
    func missingPrompts() async throws {
        let path = folder.path("none.jsonl")
        try await bench(tiny + ["-f", path]).expectRefusal(1, "\(path): cannot be read")
    }

    @Test("A line that is no prompt is refused by its number", arguments: ["{\"text\": 1}", "x"])
    func badLine(line: String) async throws {
        let path = try folder.write("p.jsonl", Array("{\"prompt\": \"a\"}\n\(line)\n".utf8))
        try await bench(tiny + ["-f", path]).expectRefusal(1, "\(path):2: ")
    }

    @Test("A file that has results is neither overwritten nor gone on with unasked")
    func existingResults() async throws {
        let path = try folder.write("old.jsonl", Array("{\"type\":\"header\"}\n".utf8))
        try await bench(tiny + ["-f", prompts, "--json", path])
            .expectRefusal(1, "\(path) has results already", "--resume")
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "{\"type\":\"header\"}\n")
    }

    @Test("--report refuses what is no results file, by its line")
    func badReport() async throws {
        try await bench(["--report", prompts]).expectRefusal(1, "\(prompts):1: no record")
        let none = folder.path("none.jsonl")
        try await bench(["--report", none]).expectRefusal(1, "\(none): cannot be read")
    }

    @Test(
        "A bench writes each run to its file, goes on with it, and prints its tables again",
        .needsModel, .tags(.weights))
    func bench() async throws {
        let results = folder.path("results.jsonl")
        let flags = [
            "-m", try TestModel.path, "-md", "ngram", "-t", "1", "-f", prompts, "-n", "8",
            "--method", "exact@ngram:4", "--method", "auto", "--json", results, "--plans",
        ]
        let run = try await bench(flags)
        run.expectSuccess()
        for method in ["exact@ngram:4", "auto"] {
            let row = run.text.split(separator: "\n").first { $0.hasPrefix(method + " ") }
            #expect(try #require(row).contains(#/ yes( |$)/#), "\(run.text)")
        }
        #expect(run.text.contains("lists, 2 prompts"))
        let records = try RecordLine.read(results)
        #expect(records.first?.type == "header")
        #expect(records.first?.models?.map(\.name) == ["ngram", TestModel.name])
        let runs = records.filter { $0.type == "bench" }
        #expect(runs.count == 6 && runs.allSatisfy { $0.generatedTokens == 8 })
        for prompt in ["lists/1", "lists/2"] {
            let same = runs.filter { $0.promptId == prompt }
            #expect(Set(same.map(\.method)) == ["plain", "exact@ngram:4", "auto"])
            #expect(Set(same.map(\.textHash)).count == 1)
        }
        expectPlans(records.filter { $0.type == "plan" })
        let report = try await bench(["--report", results])
        #expect(report.text == run.text)
        let resumed = try await bench(flags + ["--resume"])
        resumed.expectSuccess()
        #expect(resumed.text == run.text)
        #expect(try RecordLine.read(results).count { $0.type == "bench" } == 6)
    }

    /// Those of two texts by automatic control.
    private func expectPlans(_ plans: [RecordLine]) {
        #expect(plans.count >= 2 && plans.allSatisfy { $0.method == "auto" })
        #expect(plans.filter { $0.tokens?.value == 0 }.map(\.promptId) == ["lists/1", "lists/2"])
        for plan in plans {
            #expect(plan.levels?.last == TestModel.name)
            #expect(plan.lookaheads?.count == (plan.levels?.count ?? 0) - 1)
            #expect((plan.predictedTokensPerSecond ?? 0) > 0 && (plan.seconds ?? -1) >= 0)
        }
    }

    @Test(
        "Without --plans there are none; -n of another bench is refused", .needsModel,
        .tags(.weights))
    func settings() async throws {
        let results = folder.path("results.jsonl")
        let flags = [
            "-m", try TestModel.path, "-md", "ngram", "-t", "1", "-f", prompts, "--count", "1",
            "--method", "auto", "--json", results,
        ]
        try await bench(flags + ["-n", "4"]).expectSuccess()
        #expect(try RecordLine.read(results).map(\.type) == ["header", "bench", "bench"])
        try await bench(flags + ["-n", "5", "--resume"])
            .expectRefusal(1, "runs of 4 tokens", "same settings")
    }
}
