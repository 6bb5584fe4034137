import Foundation
import Testing

/// What `generate` prints: JSON, the table, colours, and where the text ends.
@Suite(.serialized, .timeLimit(.minutes(5)), .needsModel, .tags(.weights))
struct ReportTests {
    private let model: String
    private let prompt = "The list: 1, 2, 3,"

    init() throws {
        model = try TestModel.path
    }

    private func generate(
        _ flags: [String], tokens: Int = 12, environment: [String: String] = [:]
    ) async throws -> CommandRun {
        let run = try await PyramidProgram.run(
            [
                "generate", "-t", "1", "-n", "\(tokens)", "--temp", "0", "-p", prompt, "-m", model,
            ] + flags, environment: environment)
        run.expectSuccess()
        return run
    }

    @Test("--json prints one line whose text is the plain output and whose counts add up")
    func json() async throws {
        let plain = try await generate(["--no-stats"])
        let run = try await generate(
            ["--json", "-md", "ngram", "-mq", model, "--control", "fixed"])
        #expect(run.errors.isEmpty)
        #expect(run.text.split(separator: "\n").count == 1)
        let report = try GenerationJSON(run)
        #expect(report.text + "\n" == plain.text)
        #expect(report.mode == "exact" && !report.isLossy && report.finishReason == "length")
        #expect(report.generatedTokens == 12 && report.tokens.count == 12)
        #expect(report.levels.map(\.model) == ["ngram", TestModel.name, TestModel.name])
        for (level, entry) in report.levels.enumerated() {
            #expect(report.tokens.count { $0.level == level } == entry.written)
        }
        #expect(report.levels.reduce(0) { $0 + $1.written } == report.generatedTokens)
        #expect(report.levels[0].written + report.levels[1].written > 0)
        #expect(report.tokens.allSatisfy { ["drawn", "corrected", "bonus"].contains($0.kind) })
    }

    @Test("The table names every level, the mode and why the text ended")
    func table() async throws {
        let run = try await generate(["-md", "ngram"], tokens: 4)
        for words in [
            "ngram", TestModel.name, "4 tokens in", "ended by length",
            "mode exact (exact: the target's own law), greedy",
        ] {
            #expect(run.errors.contains(words), "\(words)")
        }
    }

    @Test(
        "Lossy modes say so in the table and in JSON",
        arguments: [("fsd", 2), ("psd-a", 3), ("psd-f", 3)])
    func lossy(mode: String, levelCount: Int) async throws {
        let below = levelCount == 3 ? ["-md", "ngram", "-mq", model] : ["-md", "ngram"]
        let flags = [
            "generate", "-t", "1", "-n", "4", "-p", prompt, "-m", model, "--mode", mode,
        ]
        let table = try await PyramidProgram.run(flags + below)
        table.expectSuccess()
        let words = "mode \(mode) (LOSSY: not the target's law, mean TV "
        #expect(table.errors.contains(words))
        let report = try GenerationJSON(try await PyramidProgram.run(flags + below + ["--json"]))
        #expect(report.mode == mode && report.isLossy && report.budget == nil)
        #expect((0...1).contains(try #require(report.meanTotalVariation)))
    }

    @Test("A budget is printed beside what was spent of it, and 0 is exact")
    func budget() async throws {
        let flags = [
            "generate", "-t", "1", "-n", "12", "--seed", "7", "-p", prompt, "-m", model,
            "-md", "ngram",
        ]
        let relaxed = flags + ["--mode", "budget", "--budget", "0.3"]
        let table = try await PyramidProgram.run(relaxed)
        table.expectSuccess()
        #expect(table.errors.contains("mode budget 0.3 (LOSSY within its bound: mean TV 0."))
        #expect(table.errors.contains("of at most 0.3 per token)"))
        let report = try GenerationJSON(try await PyramidProgram.run(relaxed + ["--json"]))
        #expect(report.mode == "budget" && report.isLossy && report.budget == 0.3)
        #expect(try #require(report.meanTotalVariation) <= 0.3 + 1e-9)
        let strict = flags + ["--mode", "budget", "--budget", "0"]
        let nothing = try GenerationJSON(try await PyramidProgram.run(strict + ["--json"]))
        let exact = try GenerationJSON(try await PyramidProgram.run(flags + ["--json"]))
        #expect(nothing.text == exact.text && !nothing.isLossy)
        #expect(nothing.meanTotalVariation == 0 && exact.meanTotalVariation == 0)
    }

    @Test("--color paints the plain text, and NO_COLOR wins over it")
    func color() async throws {
        let plain = try await generate(["--no-stats"]).text
        let flags = ["--no-stats", "--color", "-md", "ngram", "-mq", model, "--control", "fixed"]
        let painted = try await generate(flags).text
        #expect(painted.contains("\u{1B}[36m"))
        #expect(painted.hasSuffix("\u{1B}[0m\n"))
        #expect(painted.replacing(#/\u{1B}\[[0-9]+m/#, with: "") == plain)
        let unpainted = try await generate(flags, environment: ["NO_COLOR": "1"])
        #expect(unpainted.text == plain)
    }

    @Test("The text ends before a stop string, also with drafts")
    func stop() async throws {
        let plain = try await generate(["--no-stats"]).text
        let stop = try #require(plain.split(separator: " ").dropFirst(2).first)
        let expected = plain.prefix(upTo: try #require(plain.range(of: stop)).lowerBound)
        let stopped = try await generate(
            ["--json", "-md", "ngram", "--control", "fixed", "--stop", "\(stop)"])
        let report = try GenerationJSON(stopped)
        #expect(report.text == expected)
        #expect(report.finishReason == "stop")
    }

    @Test("-n 1 is one token")
    func oneToken() async throws {
        let report = try GenerationJSON(try await generate(["--json", "-md", "ngram"], tokens: 1))
        #expect(report.generatedTokens == 1 && report.tokens.count == 1)
        #expect(report.finishReason == "length")
    }

    @Test("--ignore-eos goes on where --chat has ended")
    func ignoreEos() async throws {
        let flags = [
            "generate", "-t", "1", "-n", "16", "--temp", "0", "-m", model, "--chat", "--json",
            "-p", "Say only: yes",
        ]
        let ended = try GenerationJSON(try await PyramidProgram.run(flags))
        #expect(ended.finishReason == "end")
        #expect(!ended.text.contains("<|im_end|>"))
        let endless = try GenerationJSON(try await PyramidProgram.run(flags + ["--ignore-eos"]))
        #expect(endless.finishReason == "length" && endless.generatedTokens == 16)
        #expect(endless.text.hasPrefix(ended.text))
    }

    @Test("--compare finds the same greedy text with and without drafts")
    func compare() async throws {
        let run = try await generate(["-md", "ngram", "--compare"], tokens: 4)
        #expect(run.errors.contains("same text"))
        #expect(run.errors.contains("ngram -> \(TestModel.name)"))
        #expect(!run.errors.hasSuffix("no\n"))
    }
}
