import Testing

/// `pyramid pull` and `pyramid models`, as far as they need no network.
@Suite(.serialized, .timeLimit(.minutes(2))) struct CatalogueTests {
    @Test("pull answers an unknown family with the nearest one and the known ones")
    func misspeltFamily() async throws {
        try await PyramidProgram.run(["pull", "qwen2.5-codr"])
            .expectRefusal(1, "\"qwen2.5-codr\"", "Did you mean qwen2.5-coder?", "smollm2")
    }

    @Test("pull without a family is refused")
    func noFamily() async throws {
        try await PyramidProgram.run(["pull"]).expectRefusal(64, "<name>", "pyramid pull --help")
    }

    @Test("models lists the families, their files and what is not installed")
    func models() async throws {
        let folder = try TemporaryFolder()
        let run = try await PyramidProgram.run(
            ["models"], environment: ["HF_HUB_CACHE": folder.path])
        run.expectSuccess()
        for family in ["qwen2.5-coder: ", "smollm2: ", "llama-3: ", "qwen3: "] {
            #expect(run.text.contains("\n" + family) || run.text.hasPrefix(family))
        }
        #expect(run.text.contains("not installed"))
        #expect(run.text.contains("cache: \(folder.path)"))
        #expect(run.errors.isEmpty)
    }
}
