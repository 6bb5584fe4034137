import Foundation
import Testing

/// Who chooses the lookaheads, where it may be asked for, and what it says.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ControlFlagTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func refused(_ flags: [String]) async throws -> CommandRun {
        let model = try folder.write("model.gguf", TinyGGUF().bytes)
        return try await PyramidProgram.run(
            ["generate", "-p", "x", "-m", model, "-md", "ngram", "--control"] + flags)
    }

    private func generate(
        _ flags: String..., cache: String? = nil
    ) async throws -> CommandRun {
        let run = try await PyramidProgram.run(
            [
                "generate", "-t", "1", "-n", "12", "-p", "The list: 1, 2, 3,", "-m",
                try TestModel.path, "-md", "ngram",
            ] + flags, environment: cache.map { ["XDG_CACHE_HOME": $0] } ?? [:])
        run.expectSuccess()
        return run
    }

    @Test(
        "A word that is no control is refused with those there are", arguments: ["foo", "", "AUTO"])
    func unknown(word: String) async throws {
        try await refused([word]).expectRefusal(64, "'\(word)'; known: auto, fixed")
    }

    @Test(
        "Automatic control with lookaheads is refused with the two ways out",
        arguments: ["--lookahead", "--spec-draft-n-max"])
    func lookaheads(flag: String) async throws {
        try await refused(["auto", flag, "4"])
            .expectRefusal(64, "leave out --lookahead", "or use --control fixed")
    }

    @Test(
        "Automatic control of a mode whose law depends on the chain is refused with those it is for",
        arguments: ["fsd", "psd-a", "psd-f"])
    func chainModes(mode: String) async throws {
        try await refused(["auto", "--mode", mode])
            .expectRefusal(64, "for exact, coupled and budget", "--mode \(mode)")
    }

    @Test(
        "Automatic control is the default, says in a line what it chose, and why when asked",
        .needsModel, .tags(.weights))
    func explains() async throws {
        let brief = try await generate("--temp", "0")
        let chosen = "control auto: chosen, with mean lookaheads: "
        #expect(lines(brief).count == 1)
        #expect(lines(brief).first?.hasPrefix(chosen) == true, "\(brief.errors)")
        #expect(brief.errors.contains(#/\nngram +- +auto /#), "\(brief.errors)")
        let full = try await generate("--temp", "0", "--explain", "--control", "auto")
        #expect(lines(full).count > 1, "\(full.errors)")
        #expect(lines(full).first?.contains("ngram: finds something to propose in ") == true)
        #expect(lines(full).last?.hasPrefix(chosen) == true)
        let fixed = try await generate("--temp", "0", "--explain", "--control", "fixed")
        #expect(lines(fixed).isEmpty, "\(fixed.errors)")
        #expect(fixed.errors.contains(#/\nngram +- +8 /#), "\(fixed.errors)")
    }

    @Test(
        "JSON has the control, what it says and a plan for each round", .needsModel, .tags(.weights)
    )
    func json() async throws {
        let report = try GenerationJSON(try await generate("--temp", "0", "--json"))
        #expect(report.control == "auto")
        #expect(try #require(report.explanation).count > 1)
        #expect(report.plans.first?.tokens == 0)
        // A round ends with a token of the target, so that there is a round for each such token.
        #expect(report.plans.count == report.tokens.count { $0.level == 1 })
        for plan in report.plans {
            #expect(plan.levels == (plan.lookaheads == [0] ? [] : ["ngram"]) + [TestModel.name])
            #expect(plan.promisedTokensPerSecond > 0 && plan.seconds >= 0)
        }
        #expect(report.levels.allSatisfy { $0.lookahead == nil })
        let fixed = try GenerationJSON(
            try await generate("--temp", "0", "--json", "--control", "fixed"))
        #expect(fixed.control == "fixed" && fixed.explanation == nil && fixed.plans.isEmpty)
        #expect(fixed.levels.map(\.lookahead) == [8, nil])
    }

    @Test(
        "A seed fixes the lookaheads where the text depends on them, and only there", .needsModel,
        .tags(.weights),
        arguments: [
            (["--seed", "7"], "fixed"), (["--seed", "7", "--mode", "budget"], "fixed"),
            (["--seed", "7", "--mode", "coupled"], "auto"),
            (["--seed", "7", "--temp", "0"], "auto"),
            (["--seed", "7", "--control", "auto"], "auto"), (["--lookahead", "3"], "fixed"),
            ([], "auto"),
        ])
    func seed(flags: [String], control: String) async throws {
        let run = try await PyramidProgram.run(
            [
                "generate", "-t", "1", "-n", "3", "-p", "So", "-m", try TestModel.path, "-md",
                "ngram", "--json",
            ] + flags)
        run.expectSuccess()
        #expect(try GenerationJSON(run).control == control)
    }

    @Test(
        "The greedy text is the same under either control", .needsModel, .tags(.weights),
        arguments: [[], ["-mq"]])
    func sameText(qualifier: [String]) async throws {
        let model = try TestModel.path
        let below = qualifier.flatMap { [$0, model] }
        let flags = [
            "generate", "-t", "1", "-n", "24", "--temp", "0", "--no-stats", "-p",
            "One, two, three, one, two, three,", "-m", model, "-md", "ngram",
        ]
        let auto = try await PyramidProgram.run(flags + below + ["--control", "auto"])
        auto.expectSuccess()
        #expect(auto.output.count > 8)
        let fixed = try await PyramidProgram.run(flags + below + ["--control", "fixed"])
        #expect(auto.output == fixed.output)
    }

    @Test(
        "Costs and experience are kept in the user's cache, and what is broken there is learnt again",
        .needsModel, .tags(.weights), arguments: ["costs", "experience"])
    func kept(kind: String) async throws {
        _ = try await generate("--no-stats", "--temp", "0", cache: folder.path)
        let kept = URL(fileURLWithPath: folder.path("pyramid/" + kind))
        let names = try FileManager.default.contentsOfDirectory(atPath: kept.path)
        #expect(names.count == 1 && names.allSatisfy { $0.hasSuffix(".json") }, "\(names)")
        let file = kept.appendingPathComponent(try #require(names.first))
        #expect(try isEntry(file))
        try Data("{\"key\": 1".utf8).write(to: file)
        let run = try await generate("--no-stats", "--temp", "0", cache: folder.path)
        #expect(run.errors.isEmpty)
        #expect(try isEntry(file))
    }

    @Test(
        "Fixed lookaheads learn nothing and overwrite nothing", .needsModel, .tags(.weights))
    func fixedKeepsNothing() async throws {
        _ = try await generate(
            "--no-stats", "--temp", "0", "--control", "fixed", cache: folder.path)
        #expect(!FileManager.default.fileExists(atPath: folder.path("pyramid")))
    }

    @Test("A cache that cannot be written is no failure", .needsModel, .tags(.weights))
    func noCache() async throws {
        let run = try await generate("--no-stats", "--temp", "0", cache: "/dev/null")
        #expect(run.errors.isEmpty && !run.output.isEmpty)
    }

    private func lines(_ run: CommandRun) -> [Substring] {
        run.complaints.filter { $0.hasPrefix("control auto: ") }
    }

    private func isEntry(_ file: URL) throws -> Bool {
        let object = try? JSONSerialization.jsonObject(with: try Data(contentsOf: file))
        return (object as? [String: Any])?.keys.contains("value") == true
    }
}
