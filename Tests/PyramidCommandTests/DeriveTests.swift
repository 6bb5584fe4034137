import Foundation
import Testing

/// `pyramid derive`: what it refuses, and that it leaves nothing behind when it does.
@Suite(.serialized, .timeLimit(.minutes(2))) struct DeriveTests {
    private let folder: TemporaryFolder
    private let input: String

    init() throws {
        folder = try TemporaryFolder()
        // Sound to our reader, and refused by llama.cpp's quantizer.
        input = try folder.write("input.gguf", TinyGGUF(architecture: "zebra").bytes)
    }

    private func derive(_ flags: String...) async throws -> CommandRun {
        try await PyramidProgram.run(["derive", input] + flags)
    }

    private func expectNothingLeft(_ others: String...) throws {
        #expect(try folder.names == (["input.gguf"] + others).sorted())
    }

    @Test("An unknown quantization is refused with the known ones")
    func unknownType() async throws {
        try await derive("--type", "Q9").expectRefusal(1, "'Q9'", "Q4_0", "Q8_0")
        try expectNothingLeft()
    }

    @Test("An output that exists is not replaced without --force")
    func existing() async throws {
        let path = try folder.write("old.gguf", [1, 2, 3])
        try await derive("-o", path).expectRefusal(1, path, "exists", "-o", "--force")
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data([1, 2, 3]))
        try expectNothingLeft("old.gguf")
    }

    @Test("The input is not replaced, not even with --force")
    func itself() async throws {
        try await derive("-o", input, "--force").expectRefusal(1, input, "the input itself")
        try expectNothingLeft()
    }

    @Test("A folder as output is refused")
    func folderAsOutput() async throws {
        try await derive("-o", folder.path, "--force").expectRefusal(1, folder.path, "folder")
        try expectNothingLeft()
    }

    @Test("An output in a folder that does not exist is refused")
    func missingFolder() async throws {
        try await derive("-o", folder.path("nowhere/new.gguf"))
            .expectRefusal(1, folder.path("nowhere"), "No such file or directory", "-o")
        try expectNothingLeft()
    }

    @Test(
        "An output in a folder without the right to write is refused",
        .enabled(if: geteuid() != 0, "root may write everywhere"))
    func readOnlyFolder() async throws {
        let locked = folder.path("locked")
        try FileManager.default.createDirectory(
            atPath: locked, withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o500])
        try await derive("-o", locked + "/new.gguf")
            .expectRefusal(1, locked, "Permission denied", "-o")
    }

    @Test("An input that is damaged is refused before anything is written")
    func damaged() async throws {
        let path = try folder.write("cut.gguf", Array(TinyGGUF().bytes.prefix(100)))
        try await PyramidProgram.run(["derive", path]).expectRefusal(1, path, "fetch it anew")
        try expectNothingLeft("cut.gguf")
    }

    @Test("An input that the quantizer refuses leaves no file behind")
    func unquantizable() async throws {
        try await derive().expectRefusal(1, input, "zebra")
        try expectNothingLeft()
    }

    @Test("0 threads are refused")
    func threads() async throws {
        try await derive("-t", "0").expectRefusal(64, "--threads 0", "between 1 and 512")
        try expectNothingLeft()
    }
}
