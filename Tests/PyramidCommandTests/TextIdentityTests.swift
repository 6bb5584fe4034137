import Foundation
import Testing

/// Exact modes write the target's own text, byte for byte, whatever is below the target.
@Suite(.serialized, .timeLimit(.minutes(5)), .needsModel, .tags(.weights))
struct TextIdentityTests {
    private let folder: TemporaryFolder
    private let model: String

    init() throws {
        folder = try TemporaryFolder()
        model = try TestModel.path
    }

    private func text(
        _ levels: [String], _ flags: String..., prompt: String = "One, two, three, four,"
    ) async throws -> [UInt8] {
        // Automatic control might leave the lower levels out.
        let run = try await PyramidProgram.run(
            [
                "generate", "-t", "1", "-n", "16", "--no-stats", "--control", "fixed", "-p", prompt,
            ] + levels + flags)
        run.expectSuccess()
        #expect(run.errors.isEmpty)
        #expect(run.output.count > 8)
        return run.output
    }

    @Test(
        "Three levels with a derived one write the plain text, greedily and coupled to a seed",
        arguments: TestModel.backends)
    func derived(backend: String) async throws {
        let draft = folder.path("draft.gguf")
        let run = try await PyramidProgram.run([
            "derive", model, "-o", draft, "--type", "q4_0", "-t", "2",
        ])
        run.expectSuccess()
        #expect(run.text == draft + "\n")
        #expect(try folder.names == ["draft.gguf"])
        let levels = ["--level", "ngram", "--level", draft, "--level", model]
        let greedy = ["--temp", "0", "--backend", backend]
        let plain = try await text(["-m", model] + greedy)
        #expect(try await text(levels + greedy) == plain)
        #expect(try await text(["-m", model, "-md", draft] + greedy) == plain)
        let seeded = [
            "--mode", "coupled", "--seed", "7", "--temp", "0.8", "--backend", backend,
        ]
        #expect(try await text(levels + seeded) == text(["-m", model] + seeded))
    }

    @Test(
        "A model given twice is its own qualifier, with threads of its own, and writes the plain text",
        arguments: TestModel.backends)
    func twice(backend: String) async throws {
        let flags = ["--temp", "0", "--backend", backend]
        let plain = try await text(["-m", model] + flags)
        #expect(try await text(["-m", model, "-mq", model] + flags) == plain)
        let own = ["-md", "ngram", "-mq", model, "-tq", "2"]
        #expect(try await text(["-m", model] + own + flags) == plain)
    }

    @Test("The same seed gives the same text, and another one another")
    func seeds() async throws {
        let levels = ["-m", model, "-md", "ngram", "--temp", "1.5"]
        let first = try await text(levels, "--seed", "1")
        #expect(try await text(levels, "--seed", "1") == first)
        #expect(try await text(levels, "--seed", "2") != first)
    }

    @Test("A prompt on standard input or in a file gives the text of -p")
    func promptSources() async throws {
        let prompt = "Le café est"
        let flags = ["generate", "-t", "1", "-n", "8", "--temp", "0", "--no-stats", "-m", model]
        let argument = try await PyramidProgram.run(flags + ["-p", prompt])
        argument.expectSuccess()
        let piped = try await PyramidProgram.run(flags, input: Array(prompt.utf8))
        let dash = try await PyramidProgram.run(flags + ["-f", "-"], input: Array(prompt.utf8))
        let path = try folder.write("prompt.txt", Array(prompt.utf8))
        let file = try await PyramidProgram.run(flags + ["-f", path])
        #expect([piped.output, dash.output, file.output].allSatisfy { $0 == argument.output })
    }

    @Test("Characters of several tokens come out whole, wherever the limit falls", arguments: 5...9)
    func emoji(tokens: Int) async throws {
        let flags = [
            "generate", "-t", "1", "-n", "\(tokens)", "--temp", "0", "-m", model, "--chat",
            "-sys", "You answer with emojis only", "-p", "Write one emoji",
        ]
        let plain = try await PyramidProgram.run(flags + ["--no-stats"])
        plain.expectSuccess()
        #expect(String(validating: plain.output, as: UTF8.self) != nil)
        #expect(plain.text.unicodeScalars.contains { $0.value > 0xFFFF })
        let drafted = try await PyramidProgram.run(
            flags + ["--json", "-md", "ngram", "--control", "fixed"])
        #expect(try GenerationJSON(drafted).text + "\n" == plain.text)
    }
}
