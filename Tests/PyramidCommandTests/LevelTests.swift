import Testing

/// Pyramids that cannot be built from what was named.
@Suite(.serialized, .timeLimit(.minutes(2))) struct LevelTests {
    private let folder: TemporaryFolder
    private let model: String

    init() throws {
        folder = try TemporaryFolder()
        model = try folder.write("model.gguf", TinyGGUF().bytes)
    }

    private func generate(
        _ flags: String..., cache: String = "/nonexistent/cache"
    ) async throws -> CommandRun {
        try await PyramidProgram.run(
            ["generate", "-p", "x"] + flags, environment: ["HF_HUB_CACHE": cache])
    }

    @Test("No model at all is refused with the ways to name one")
    func none() async throws {
        try await generate().expectRefusal(64, "No model", "-m FILE", "--level", "--family")
    }

    @Test("An empty LLAMA_ARG_MODEL is none")
    func emptyEnvironment() async throws {
        try await PyramidProgram.run(
            ["generate", "-p", "x"], environment: ["LLAMA_ARG_MODEL": ""]
        ).expectRefusal(64, "No model")
    }

    @Test("An empty path is refused", arguments: ["-m", "-mq", "-md"])
    func emptyPath(flag: String) async throws {
        try await generate("-m", model, flag, "").expectRefusal(64, "path is empty")
    }

    @Test("A draft without a target is refused")
    func onlyDraft() async throws {
        try await generate("-md", "ngram").expectRefusal(64, "No model", "-m FILE")
    }

    @Test("Levels named in two ways are refused")
    func twoWays() async throws {
        try await generate("-m", model, "--level", model).expectRefusal(64, "not by two")
    }

    @Test("A lookup cannot be the target", arguments: [[], ["--level", "ngram"]])
    func lookupAsTarget(rest: [String]) async throws {
        try await PyramidProgram.run(["generate", "-p", "x", "--level", "ngram"] + rest)
            .expectRefusal(64, "The target is 'ngram'", "GGUF file")
    }

    @Test("A lookup cannot stand above another level")
    func lookupInTheMiddle() async throws {
        try await generate("--level", model, "--level", "ngram", "--level", model)
            .expectRefusal(64, "'ngram'", "bottom")
    }

    @Test("psd-f and psd-a are refused for two levels", arguments: ["psd-f", "psd-a"])
    func tooFewLevels(mode: String) async throws {
        try await generate("--mode", mode, "-m", model, "-md", "ngram")
            .expectRefusal(64, "mode \(mode) is for 3 levels, and there are 2")
    }

    @Test("fsd is refused for three levels")
    func tooManyLevels() async throws {
        try await generate("--mode", "fsd", "-m", model, "-mq", model, "-md", "ngram")
            .expectRefusal(64, "mode fsd is for 2 levels, and there are 3")
    }

    @Test("An unknown family is refused with the known ones")
    func unknownFamily() async throws {
        try await generate("--family", "nosuch").expectRefusal(1, "\"nosuch\"", "qwen2.5-coder")
    }

    @Test("A family that was not pulled is refused with the command that pulls it")
    func familyNotPulled() async throws {
        try await generate("--family", "qwen2.5-coder", cache: folder.path)
            .expectRefusal(1, "not on this machine", "pyramid pull qwen2.5-coder")
    }

    @Test("LLAMA_ARG_MODEL names the target", .needsModel, .tags(.weights))
    func environment() async throws {
        let flags = ["generate", "-t", "1", "-n", "2", "-p", "x", "--temp", "0", "--no-stats"]
        let named = try await PyramidProgram.run(flags + ["-m", TestModel.path])
        let inherited = try await PyramidProgram.run(
            flags, environment: ["LLAMA_ARG_MODEL": TestModel.path])
        inherited.expectSuccess()
        #expect(inherited.output == named.output)
    }

    @Test("The command line beats LLAMA_ARG_MODEL")
    func commandLineFirst() async throws {
        let run = try await PyramidProgram.run(
            ["generate", "-p", "x", "-m", folder.path("named")],
            environment: ["LLAMA_ARG_MODEL": folder.path("inherited")])
        run.expectRefusal(1, folder.path("named"))
    }
}
