import Foundation
import Testing

/// The real model, cut or with a few bytes changed.
@Suite(.serialized, .timeLimit(.minutes(2)), .needsModel, .tags(.weights))
struct PatchedModelTests {
    private let folder: TemporaryFolder
    private var model: PatchedModel

    init() throws {
        folder = try TemporaryFolder()
        model = try PatchedModel()
    }

    private func generate(_ path: String, _ flags: String...) async throws -> CommandRun {
        try await PyramidProgram.run(
            ["generate", "-t", "1", "-n", "1", "--no-stats", "-p", "x", "-m", path] + flags)
    }

    @Test(
        "The real model cut off anywhere is refused",
        arguments: [3, 10, 24, 1_000, 500_000, 3_000_000, 50_000_000])
    func truncated(length: Int) async throws {
        let path = try folder.write("cut.gguf", Array(model.bytes.prefix(length)), size: length)
        try await generate(path).expectRefusal(1, path, " bytes")
    }

    @Test("The real model without its last byte is refused")
    func lastByte() async throws {
        let path = try folder.write("cut.gguf", model.bytes, size: model.size - 1)
        try await generate(path).expectRefusal(1, path, "1 bytes short", "pyramid pull")
    }

    @Test(
        "Counts in the real header that are out of all proportion are refused",
        arguments: [8, 16, 24], [UInt64(1) << 60, .max])
    func counts(offset: Int, value: UInt64) async throws {
        var lie = model
        var bytes: [UInt8] = []
        bytes.append(value)
        lie.set(bytes, at: offset)
        let path = try lie.write(in: folder)
        try await generate(path).expectRefusal(1, path, "damaged")
    }

    @Test(
        "Sizes that contradict the tensors are refused",
        arguments: [
            "llama.attention.head_count", "llama.embedding_length", "llama.feed_forward_length",
            "llama.rope.dimension_count",
        ])
    func sizes(key: String) async throws {
        var lie = model
        try lie.set(key, to: 7)
        let path = try lie.write(in: folder)
        try await generate(path).expectRefusal(1, path)
        try await generate(path, "--backend", "llama.cpp")
            .expectRefusal(1, path, "llama.cpp cannot load it")
    }

    @Test("Numbers of layers that llama.cpp aborts on are refused", arguments: [0, 1 << 31])
    func layers(count: UInt32) async throws {
        var lie = model
        try lie.set("llama.block_count", to: count)
        let run = try await generate(try lie.write(in: folder))
        run.expectRefusal(1, "layers")
    }

    @Test("A vocabulary with a text twice, on which llama.cpp aborts, is refused")
    func twins() async throws {
        var lie = model
        try lie.replaceToken("ation", with: "other")
        let run = try await generate(try lie.write(in: folder))
        run.expectRefusal(1, "other")
    }

    @Test("A context that does not fit into memory is refused with what each level needs")
    func memory() async throws {
        let run = try await PyramidProgram.run([
            "generate", "-p", "x", "-m", TestModel.path, "-c", "900000000",
        ])
        #expect(run.end == .exited(1))
        #expect(run.output.isEmpty)
        #expect(run.errors.contains("smaller context (-c)"))
        #expect(run.errors.contains("KV cache"))
    }
}
