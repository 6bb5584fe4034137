import Testing

/// Levels whose tokens mean different texts: refused before any is loaded.
@Suite(.serialized, .timeLimit(.minutes(2))) struct VocabularyMismatchTests {
    private let folder: TemporaryFolder
    private let target: String
    private let stranger: String

    init() throws {
        folder = try TemporaryFolder()
        target = try folder.write("target.gguf", TinyGGUF().bytes)
        stranger = try folder.write(
            "stranger.gguf", TinyGGUF(tokens: ["<s>", "yes", "nay", "maybe"]).bytes)
    }

    @Test("A draft with another vocabulary is refused by the first token that differs")
    func generate() async throws {
        let run = try await PyramidProgram.run([
            "generate", "-m", target, "-md", stranger, "-p", "x",
        ])
        run.expectRefusal(
            1, stranger, target, "token 2", "\"nay\"", "\"no\"", "use models of one family")
    }

    @Test("A qualifier with another vocabulary is refused although the draft fits")
    func qualifier() async throws {
        let run = try await PyramidProgram.run([
            "generate", "--level", target, "--level", stranger, "--level", target, "-p", "x",
        ])
        run.expectRefusal(1, stranger, "token 2")
    }

    @Test("inspect says which token differs, and exits with 1")
    func inspect() async throws {
        let run = try await PyramidProgram.run(["inspect", stranger, target])
        #expect(run.end == .exited(1))
        #expect(run.errors.isEmpty)
        #expect(run.text.contains("cannot form a pyramid"))
        #expect(run.text.contains("token 2 is \"nay\" in the first and \"no\" in the second"))
    }

    @Test("inspect finds files with the same vocabulary fit for a pyramid")
    func fit() async throws {
        let run = try await PyramidProgram.run(["inspect", target, target])
        run.expectSuccess()
        #expect(run.text.contains("can form a pyramid"))
        #expect(run.text.contains("same vocabulary"))
    }

    @Test("One changed token in a copy of the real model is found", .needsModel, .tags(.weights))
    func realModel() async throws {
        var copy = try PatchedModel()
        try copy.replaceToken("ation", with: "other")
        let path = try copy.write(in: folder)
        let run = try await PyramidProgram.run([
            "generate", "-m", TestModel.path, "-md", path, "-p", "x",
        ])
        run.expectRefusal(1, path, "\"other\"", "\"ation\"")
    }
}
