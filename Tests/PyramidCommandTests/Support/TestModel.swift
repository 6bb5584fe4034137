import Foundation
import Testing

/// The real model of the tests.
enum TestModel {
    static let name = "SmolLM2-135M-Instruct.Q4_1"

    /// Its path; `nil` when PYRAMID_TEST_MODELS is not set or its folder does not hold it.
    static let installedPath: String? = {
        let folder = ProcessInfo.processInfo.environment["PYRAMID_TEST_MODELS"]
        let path = folder.map { "\($0)/\(name).gguf" }
        return path.flatMap { FileManager.default.fileExists(atPath: $0) ? $0 : nil }
    }()

    /// Its path, in tests that need it.
    static var path: String {
        get throws { try #require(installedPath) }
    }

    /// What `--backend` takes; auto is the native one if it knows the real model.
    static let backends = ["auto", "llama.cpp"]

    /// Continues a prompt with one thread and without statistics.
    static func generate(
        _ levels: [String], _ prompt: String, tokens: Int = 16, _ rest: String...
    ) async throws -> CommandRun {
        try await PyramidProgram.run(
            [
                "generate", "-t", "1", "-n", "\(tokens)", "--no-stats", "-p", prompt,
            ] + levels + rest)
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips a test where the real model is missing.
    static var needsModel: Self {
        .enabled(
            if: TestModel.installedPath != nil,
            "set PYRAMID_TEST_MODELS to a folder with \(TestModel.name).gguf")
    }
}

extension Tag {
    /// Runs a real model.
    @Tag static var weights: Self
}
