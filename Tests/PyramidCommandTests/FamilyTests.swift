import Foundation
import Testing

/// `--family`, on a cache that holds smollm2: its file, the copy that pull makes of it and what
/// came with the program.
@Suite(.serialized, .timeLimit(.minutes(5)), .needsModel, .tags(.weights))
struct FamilyTests {
    private let folder: TemporaryFolder
    private let environment: [String: String]

    init() async throws {
        folder = try TemporaryFolder()
        let snapshot =
            "models--QuantFactory--SmolLM2-135M-Instruct-GGUF/snapshots/"
            + "ab810cf68114990406fdf996510dd3d3c6adbdf5"
        let files = FileManager.default
        try files.createDirectory(
            atPath: folder.path(snapshot), withIntermediateDirectories: true)
        try files.createSymbolicLink(
            atPath: folder.path("\(snapshot)/\(TestModel.name).gguf"),
            withDestinationPath: TestModel.path)
        let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        environment = [
            "HF_HUB_CACHE": folder.path,
            "PYRAMID_MODELS": checkout.appendingPathComponent("Models").path,
            // Nothing can be downloaded.
            "HF_ENDPOINT": "http://127.0.0.1:1", "PIP_NO_INDEX": "1",
        ]
        let pull = try await PyramidProgram.run(["pull", "smollm2"], environment: environment)
        pull.expectSuccess()
        #expect(pull.text.contains("\(TestModel.name).gguf\n"))
    }

    private func generate(_ flags: String...) async throws -> GenerationJSON {
        let run = try await PyramidProgram.run(
            [
                "generate", "--family", "smollm2", "-t", "1", "-n", "24", "--json", "-p",
                "One, two, three, four,",
            ] + flags, environment: environment)
        run.expectSuccess()
        return try GenerationJSON(run)
    }

    @Test("Greedily and coupled to a seed all its levels write the text of its target alone")
    func identity() async throws {
        for flags in [["--temp", "0"], ["--mode", "coupled", "--seed", "5", "--temp", "0.8"]] {
            let plain = try await PyramidProgram.run(
                [
                    "generate", "-m", TestModel.path, "-t", "1", "-n", "24", "--no-stats", "-p",
                    "One, two, three, four,",
                ] + flags)
            for control in ["auto", "fixed"] {
                let run = try await PyramidProgram.run(
                    [
                        "generate", "--family", "smollm2", "-t", "1", "-n", "24", "--no-stats",
                        "--control", control, "-p", "One, two, three, four,",
                    ] + flags, environment: environment)
                #expect(run.output == plain.output, "\(flags) \(control)")
            }
        }
        let levels = try await generate("--temp", "0", "--control", "fixed").levels
        #expect(levels.first?.model == "ngram")
        #expect(levels.allSatisfy { $0.written > 0 || $0.forwards > 0 || $0.model == "ngram" })
    }

    @Test(
        "A mode for fewer levels takes the bottom model and those nearest to the target",
        arguments: [("fsd", 2), ("psd-a", 3), ("psd-f", 3)])
    func modesForFewerLevels(mode: String, count: Int) async throws {
        let answer = try await generate("--mode", mode)
        #expect(answer.mode == mode)
        #expect(answer.levels.count == count)
        #expect(answer.levels.last?.model == TestModel.name)
        if count == 2 { #expect(answer.levels.first?.model != "ngram") }
    }

    @Test("A draft that comes with the program is listed with its licence")
    func shipped() async throws {
        let models = try await PyramidProgram.run(["models"], environment: environment)
        models.expectSuccess()
        let draft = try #require(
            models.text.split(separator: "\n").first { $0.contains("qwen2.5-coder-draft.gguf") })
        #expect(draft.contains("Apache-2.0"))
    }
}
