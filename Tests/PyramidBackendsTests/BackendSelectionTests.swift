import BackendTestSupport
import Foundation
import GGUF
import GGUFTestSupport
import LlamaBackend
import NativeBackend
import PyramidBackends
import Testing

@Suite struct BackendSelectionTests {
    /// A file whose architecture nobody but perhaps llama.cpp knows.
    private func strangeFile() throws -> GGUFModelFiles {
        var writer = GGUFWriter()
        writer.set("general.architecture", .string("zebra"))
        writer.addTensor("token_embd.weight", [16, 32])
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("pyramid-selection-\(UUID().uuidString).gguf")
        try Data(writer.bytes()).write(to: path)
        // The mapping keeps the bytes.
        defer { try? FileManager.default.removeItem(at: path) }
        return try GGUFModelFiles(path: path.path)
    }

    @Test(
        "Choices have names, llama.cpp two of them",
        arguments: [
            ("auto", BackendChoice.auto), ("native", .native), ("llama", .llama),
            ("llama.cpp", .llama), ("cuda", nil), ("", nil),
        ])
    func names(name: String, choice: BackendChoice?) {
        #expect(BackendChoice(named: name) == choice)
    }

    @Test("llama.cpp gets what it is asked for")
    func asked() throws {
        let selection = try BackendSelection(try strangeFile(), .llama, usesGPU: false)
        #expect(selection.description == "llama.cpp: asked for with --backend")
    }

    @Test("auto leaves a file that the native backend cannot run to llama.cpp, and says why")
    func fallback() throws {
        let files = try strangeFile()
        guard case .unsupported(let reason) = NativeSupport.of(files) else {
            Issue.record("the native backend claims to know the architecture zebra")
            return
        }
        let selection = try BackendSelection(files, .auto, usesGPU: false)
        #expect(selection.backend == .llama)
        #expect(selection.description == "llama.cpp: \(reason)")
    }

    @Test("native refuses such a file by its path and the reason, with the way out")
    func refused() throws {
        let files = try strangeFile()
        guard case .unsupported(let reason) = NativeSupport.of(files) else { return }
        let error = #expect(throws: LoadingError.self) {
            try BackendSelection(files, .native, usesGPU: false)
        }
        #expect(error?.code == .unsupported)
        for words in [files.path, reason, "--backend auto"] {
            #expect(error?.message.contains(words) == true, "\(words)")
        }
    }

    @Test("Layers on a GPU are llama.cpp's, whatever the file")
    func gpu() throws {
        let files = try strangeFile()
        let selection = try BackendSelection(files, .auto, usesGPU: true)
        #expect(selection.description == "llama.cpp: layers run on a GPU (-ngl)")
        let error = #expect(throws: LoadingError.self) {
            try BackendSelection(files, .native, usesGPU: true)
        }
        #expect(error?.message.contains("-ngl") == true)
    }

    @Test(
        "The native backend is named with architecture and types", .needsModel,
        .enabled(if: TestedBackends.all.contains(.native)))
    func native() throws {
        let files = try GGUFModelFiles(path: try RealModel.path)
        for choice in [BackendChoice.auto, .native] {
            let selection = try BackendSelection(files, choice, usesGPU: false)
            #expect(selection.description == "native: llama, Q4_1 and Q8_0")
            #expect(selection.batchInvariance(under: ModelOptions()) == .guaranteed)
        }
    }
}
