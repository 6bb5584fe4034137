import BackendTestSupport
import Foundation
import GGUF
import LlamaBackend
import NativeBackend
import PyramidBackends
import PyramidDecoding
import Testing

/// The backends that the same tests run on.
enum TestedBackends {
    /// Those that can run the real model; llama.cpp can run any.
    static let all: [Backend] = Backend.allCases.filter { backend in
        backend == .llama || isNative
    }

    /// Those under which bits are promised: llama.cpp's only on some CPUs and of some versions.
    static let invariant: [Backend] = all.filter { backend in
        backend == .native || isLlamaInvariant
    }

    private static let files = RealModel.installedPath.flatMap { try? GGUFModelFiles(path: $0) }

    private static let isNative = files.map { NativeSupport.of($0) == .supported } ?? false

    private static let isLlamaInvariant =
        files.map { BatchInvariance.of($0, under: LlamaOptions()) == .guaranteed } ?? false
}

extension Backend {
    /// The choice that gives this backend.
    var choice: BackendChoice {
        switch self {
        case .native: .native
        case .llama: .llama
        }
    }

    func options(sequences: Int = 1, context: Int = 512) -> ModelOptions {
        var options = ModelOptions()
        options.backend = choice
        options.contextSize = context
        options.sequenceCapacity = sequences
        options.threads = ProcessInfo.processInfo.activeProcessorCount
        return options
    }

    /// A level on a file, by default the real model.
    func level(
        path: String? = nil, sequences: Int = 1, context: Int = 512,
        _ change: (inout ModelOptions) -> Void = { _ in }
    ) throws -> ModelLevel {
        var options = options(sequences: sequences, context: context)
        change(&options)
        let loaded = try ModelPyramid(
            levels: [.file(path: try path ?? RealModel.path)], options: options)
        guard case .model(let level) = loaded.pyramid.levels[0] else { throw NoModel() }
        #expect(level.backend == self)
        return level
    }

    private struct NoModel: Error {}
}

extension Trait where Self == ConditionTrait {
    /// Skips a test where the real model is missing.
    static var needsModel: Self {
        .enabled(if: RealModel.isThere, Comment(rawValue: RealModel.skipReason))
    }
}
