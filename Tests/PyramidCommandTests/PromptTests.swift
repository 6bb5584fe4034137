import Foundation
import Testing

/// Prompts that cannot be had, or cannot be used.
@Suite(.serialized, .timeLimit(.minutes(2))) struct PromptTests {
    private let folder: TemporaryFolder
    private let model: String

    init() throws {
        folder = try TemporaryFolder()
        // The prompt is read before the model, which need not be a real one here.
        model = try folder.write("model.gguf", TinyGGUF().bytes)
    }

    private func generate(_ flags: String..., input: [UInt8] = []) async throws -> CommandRun {
        try await PyramidProgram.run(["generate", "-m", model] + flags, input: input)
    }

    @Test("An empty prompt is refused with the ways to give one")
    func emptyArgument() async throws {
        try await generate("-p", "").expectRefusal(1, "empty", "-p, -f or standard input")
    }

    @Test("Nothing on standard input is an empty prompt", arguments: [[], ["-f", "-"]])
    func emptyInput(flags: [String]) async throws {
        try await PyramidProgram.run(["generate", "-m", model] + flags)
            .expectRefusal(1, "the prompt is empty")
    }

    @Test("An empty file is an empty prompt")
    func emptyFile() async throws {
        let path = try folder.write("empty.txt", [])
        try await generate("-f", path).expectRefusal(1, "the prompt is empty")
    }

    @Test("Standard input that is not UTF-8 is refused")
    func latinInput() async throws {
        try await generate(input: [0x63, 0x61, 0x66, 0xE9])
            .expectRefusal(1, "standard input is not UTF-8", "iconv")
    }

    @Test("A file that is not UTF-8 is refused by its path")
    func latinFile() async throws {
        let path = try folder.write("latin.txt", [0x63, 0x61, 0x66, 0xE9])
        try await generate("-f", path).expectRefusal(1, path, "not UTF-8", "iconv")
    }

    @Test("A prompt file that is missing is refused with the system's reason")
    func missingFile() async throws {
        let path = folder.path("nowhere.txt")
        try await generate("-f", path).expectRefusal(1, path, "No such file or directory")
    }

    @Test("A folder instead of a prompt file is refused")
    func directory() async throws {
        try await generate("-f", folder.path)
            .expectRefusal(1, folder.path, "Is a directory")
    }

    @Test(
        "A prompt file without the right to read it is refused",
        .enabled(if: geteuid() != 0, "root may read everything"))
    func unreadable() async throws {
        let path = try folder.write("secret.txt", [0x78])
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
        try await generate("-f", path).expectRefusal(1, path, "Permission denied")
    }

    @Test("A closed standard input is refused")
    func closedInput() async throws {
        try await PyramidProgram.shell(#"exec "$0" "$@" <&-"#, ["generate", "-m", model])
            .expectRefusal(1, "standard input")
    }

    @Test("-p and -f together are refused")
    func twoPrompts() async throws {
        try await generate("-p", "x", "-f", "y").expectRefusal(64, "-p", "-f", "not by both")
    }

    @Test("-sys without --chat is refused")
    func systemPrompt() async throws {
        try await generate("-p", "x", "-sys", "y").expectRefusal(64, "-sys needs --chat")
    }

    @Test("A prompt longer than the context is refused with both sizes", .needsModel)
    func long() async throws {
        let prompt = String(repeating: "again and ", count: 400)
        try await TestModel.generate(["-m", TestModel.path], prompt, "-c", "256")
            .expectRefusal(1, "the prompt has", "the context holds 256", "-c")
    }
}
