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
            "stranger.gguf", TinyGGUF(tokens: ["<s>", "aye", "nay", "perhaps"]).bytes)
    }

    @Test("A draft with another vocabulary is refused by the first token that differs")
    func generate() async throws {
        let run = try await PyramidProgram.run([
            "generate", "-m", target, "-md", stranger, "-p", "x",
        ])
        run.expectRefusal(
            1, stranger, target, "token 1", "\"aye\"", "\"yes\"", "only 1 of its 4 tokens",
            "use models of one family")
    }

    @Test("A qualifier with another vocabulary is refused although the draft fits")
    func qualifier() async throws {
        let run = try await PyramidProgram.run([
            "generate", "--level", target, "--level", stranger, "--level", target, "-p", "x",
        ])
        run.expectRefusal(1, stranger, "token 1")
    }

    @Test("inspect says which token differs, and exits with 1")
    func inspect() async throws {
        let run = try await PyramidProgram.run(["inspect", stranger, target])
        #expect(run.end == .exited(1))
        #expect(run.errors.isEmpty)
        #expect(run.text.contains("cannot form a pyramid"))
        #expect(run.text.contains("token 1 is \"aye\" in the first and \"yes\" in the second"))
    }

    @Test("inspect finds files with the same vocabulary fit for a pyramid")
    func fit() async throws {
        let run = try await PyramidProgram.run(["inspect", target, target])
        run.expectSuccess()
        #expect(run.text.contains("can form a pyramid"))
        #expect(run.text.contains("same vocabulary"))
    }

    @Test("inspect says how many tokens a level knows that has only a part of them")
    func part() async throws {
        let partial = try folder.write(
            "partial.gguf", TinyGGUF(tokens: ["maybe", "no", "<s>", "perhaps"]).bytes)
        let run = try await PyramidProgram.run(["inspect", partial, target])
        run.expectSuccess()
        #expect(run.text.contains("can form a pyramid"))
        #expect(run.text.contains("knows 3 of the target's 4 tokens by their texts"))
        #expect(run.text.contains("1 of its own are unused"))
    }

    @Test(
        "A copy of the real model without one token drafts the others, and the text is the same",
        .needsModel, .tags(.weights), arguments: ["native", "llama.cpp"])
    func realModel(backend: String) async throws {
        var copy = try PatchedModel()
        try copy.replaceToken("ation", with: "zqxjv")
        let path = try copy.write(in: folder)
        let model = try TestModel.path
        let flags = [
            "generate", "-t", "1", "-n", "24", "--temp", "0", "--backend", backend, "-p",
            "The information about nations: informa", "-m", model,
        ]
        let plain = try await PyramidProgram.run(flags + ["--no-stats"])
        let partial = try await PyramidProgram.run(flags + ["-md", path, "--lookahead", "4"])
        partial.expectSuccess()
        #expect(partial.output == plain.output)
        #expect(partial.errors.contains("knows only 49151 tokens"), "\(partial.errors)")
    }
}
