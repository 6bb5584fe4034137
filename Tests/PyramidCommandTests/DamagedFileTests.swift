import Foundation
import Testing

/// Files that are no model, or not a whole one: refused in one line, before llama.cpp sees them.
@Suite(.serialized, .timeLimit(.minutes(2))) struct DamagedFileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func generate(_ path: String) async throws -> CommandRun {
        try await PyramidProgram.run([
            "generate", "-t", "1", "-n", "1", "--no-stats", "-p", "x", "-m", path,
        ])
    }

    @Test("A model that does not exist is refused by its path")
    func missing() async throws {
        let path = folder.path("nowhere.gguf")
        try await generate(path).expectRefusal(1, path, "no such file", "check the path")
    }

    @Test("A folder instead of a model is refused")
    func directory() async throws {
        try await generate(folder.path).expectRefusal(1, folder.path, "directory", ".gguf")
    }

    @Test("A text instead of a model is refused with its first bytes")
    func text() async throws {
        let path = try folder.write("notes.txt", Array("Dear diary".utf8))
        try await generate(path).expectRefusal(1, path, "not a GGUF file", "Dear", "convert")
    }

    @Test("An empty file is refused")
    func empty() async throws {
        let path = try folder.write("empty.gguf", [])
        try await generate(path).expectRefusal(1, path, "0 bytes", "pyramid pull")
    }

    @Test("A file that was cut off anywhere is refused with its size", arguments: [5, 30, 90, 200])
    func truncated(length: Int) async throws {
        let path = try folder.write("cut.gguf", Array(TinyGGUF().bytes.prefix(length)))
        try await generate(path).expectRefusal(1, path, "\(length) bytes", "fetch it anew")
    }

    @Test("A hand-made file that lies about itself is refused", arguments: Lie.all)
    func lies(lie: Lie) async throws {
        let path = try folder.write("lie.gguf", lie.file.bytes)
        try await generate(path).expectRefusal(1, path, lie.word)
        try await PyramidProgram.run(["inspect", path]).expectRefusal(1, path, lie.word)
    }

    @Test("A sound file of an unknown architecture is refused by the architecture's name")
    func architecture() async throws {
        let path = try folder.write("zebra.gguf", TinyGGUF(architecture: "zebra").bytes)
        try await generate(path).expectRefusal(1, path, "zebra")
    }

    @Test("A damaged draft is refused although the target is sound", .needsModel)
    func draft() async throws {
        let path = try folder.write("draft.gguf", [1, 2, 3])
        try await PyramidProgram.run(["generate", "-m", TestModel.path, "-md", path, "-p", "x"])
            .expectRefusal(1, path, "not a GGUF file")
    }
}

/// A tiny file with one wrong number.
struct Lie: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let file: TinyGGUF
    /// A part of the message.
    let word: String

    private init(_ name: String, _ file: TinyGGUF, _ word: String) {
        testDescription = name
        self.file = file
        self.word = word
    }

    static let all = [
        Lie("version", TinyGGUF(version: 77), "77"),
        Lie("tensor count", TinyGGUF(tensorCount: 1 << 60), "tensor list"),
        Lie("metadata count", TinyGGUF(metadataCount: 1 << 62), "metadata entries"),
        Lie("length of a key", TinyGGUF(firstKeyLength: 1 << 63), "metadata entry 0"),
        Lie("a value's type", TinyGGUF(architectureType: 99), "99"),
        Lie("token count", TinyGGUF(tokenCount: 1 << 61), "tokenizer.ggml.tokens"),
        Lie("too few tokens", TinyGGUF(tokenCount: 2), "damaged"),
        Lie("a tensor's shape", TinyGGUF(dimension: 1 << 40), "token_embd.weight"),
        Lie("a tensor's type", TinyGGUF(tensorType: 99), "99"),
        Lie("a tensor's offset", TinyGGUF(tensorOffset: 1 << 50), "token_embd.weight"),
    ]
}
