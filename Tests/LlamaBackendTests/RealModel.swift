import Foundation
import GGUF
import LlamaBackend
import Testing

/// SmolLM2-135M as the tests use it: the file in the folder that PYRAMID_TEST_MODELS names, and a
/// Q4_0 copy that is made once per run.
enum RealModel {
    static let skipReason: Comment =
        "needs PYRAMID_TEST_MODELS, a folder with SmolLM2-135M-Instruct.Q4_1.gguf: make test sets it"

    static let path: String? = {
        guard let folder = ProcessInfo.processInfo.environment["PYRAMID_TEST_MODELS"] else {
            return nil
        }
        let path = folder + "/SmolLM2-135M-Instruct.Q4_1.gguf"
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }()

    static var isThere: Bool { path != nil }

    /// Whether this machine and this llama.cpp are ones on which bits are promised.
    static let isInvariant: Bool = {
        guard let path, let files = try? GGUFModelFiles(path: path) else { return false }
        return BatchInvariance.of(files, under: LlamaOptions()) == .guaranteed
    }()

    static let variantReason: Comment =
        "rows are not known to have the same bits in any batch with this CPU or llama.cpp"

    /// The original and its smaller copy.
    struct Files {
        var original: String
        var copy: String
    }

    static func files() throws -> Files {
        Files(original: try #require(path), copy: try requantized(to: "Q4_0"))
    }

    static func options(sequences: Int = 1, context: Int = 512) -> LlamaOptions {
        var options = LlamaOptions()
        options.contextSize = context
        options.sequenceCapacity = sequences
        options.threads = ProcessInfo.processInfo.activeProcessorCount
        return options
    }

    /// A level on the original.
    static func level(
        sequences: Int = 1, context: Int = 512, _ change: (inout LlamaOptions) -> Void = { _ in }
    ) throws -> LlamaLevel {
        var options = options(sequences: sequences, context: context)
        change(&options)
        let model = try LlamaModel(path: try #require(path), options: options)
        return try LlamaLevel(model: model)
    }

    /// A copy of another quantization, made once per run.
    static func requantized(to type: String) throws -> String {
        let path = folder.appendingPathComponent("copy-\(type).gguf").path
        guard !FileManager.default.fileExists(atPath: path) else { return path }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Requantizer(type: type, threads: 2).requantize(try #require(Self.path), to: path)
        return path
    }

    private static let folder: URL = {
        atexit { try? FileManager.default.removeItem(at: RealModel.folder) }
        let process = ProcessInfo.processInfo.processIdentifier
        return FileManager.default.temporaryDirectory.appendingPathComponent(
            "pyramid-tests-\(process)")
    }()
}
