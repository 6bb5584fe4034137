import Testing

/// `--backend`, and what is said of the backends.
@Suite(.serialized, .timeLimit(.minutes(2))) struct BackendTests {
    private let folder: TemporaryFolder
    private let stranger: String

    init() throws {
        folder = try TemporaryFolder()
        stranger = try folder.write("zebra.gguf", TinyGGUF(architecture: "zebra").bytes)
    }

    @Test("native refuses a file that it cannot run, with the way out")
    func refused() async throws {
        let run = try await PyramidProgram.run([
            "generate", "-p", "x", "-m", stranger, "--backend", "native",
        ])
        run.expectRefusal(1, stranger, "native", "--backend auto")
    }

    @Test("A draft that native cannot run is refused although the target is sound", .needsModel)
    func refusedDraft() async throws {
        let run = try await PyramidProgram.run([
            "generate", "-p", "x", "-m", try TestModel.path, "-md", stranger, "--backend", "native",
        ])
        run.expectRefusal(1, "--backend auto")
    }

    @Test("inspect says that llama.cpp gets a file that native cannot run, and why")
    func inspectStranger() async throws {
        let run = try await PyramidProgram.run(["inspect", stranger])
        run.expectSuccess()
        #expect(run.text.contains(#/\n  backend: llama.cpp: .+\n/#))
    }

    @Test("inspect names the real model's backend", .needsModel)
    func inspectModel() async throws {
        let run = try await PyramidProgram.run(["inspect", try TestModel.path])
        run.expectSuccess()
        #expect(run.text.contains(#/\n  backend: (native: llama, Q4_1 and Q8_0|llama.cpp: .+)\n/#))
        #expect(run.text.contains("\n  batch-invariant: "))
    }

    @Test(
        "The statistics name the backend of each level", .needsModel, .tags(.weights),
        arguments: ["llama", "llama.cpp"])
    func statistics(name: String) async throws {
        let flags = [
            "generate", "-t", "1", "-n", "2", "--temp", "0", "-p", "x", "-m", try TestModel.path,
            "-md", "ngram", "--backend", name,
        ]
        let table = try await PyramidProgram.run(flags)
        table.expectSuccess()
        #expect(table.errors.contains(": llama.cpp (asked for with --backend), weights "))
        #expect(table.errors.contains(#/\nlevel +backend +lookahead/#))
        #expect(table.errors.contains(#/SmolLM2[^ ]+ +llama.cpp /#))
        let report = try GenerationJSON(try await PyramidProgram.run(flags + ["--json"]))
        #expect(report.levels.map(\.backend) == [nil, "llama.cpp"])
    }

    @Test(
        "Levels of one pyramid may have different backends: what native cannot run goes to llama.cpp",
        .needsModel, .tags(.weights))
    func mixed() async throws {
        let draft = folder.path("draft.gguf")
        // libllama makes IQ4_NL of it, since the rows are no multiples of 256.
        try await PyramidProgram.run([
            "derive", try TestModel.path, "-o", draft, "--type", "Q2_K", "-t", "2",
        ]).expectSuccess()
        let flags = [
            "generate", "-t", "1", "-n", "12", "--temp", "0", "-p", "One, two, three,", "-m",
            try TestModel.path, "--json", "--control", "fixed",
        ]
        let plain = try GenerationJSON(try await PyramidProgram.run(flags))
        let mixed = try GenerationJSON(try await PyramidProgram.run(flags + ["-md", draft]))
        #expect(mixed.levels[0].backend == "llama.cpp")
        #expect(mixed.levels[1].backend == plain.levels[0].backend)
        #expect(mixed.text == plain.text)
    }
}
