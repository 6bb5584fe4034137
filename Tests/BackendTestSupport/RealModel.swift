internal import Foundation
internal import LlamaBackend

/// SmolLM2-135M as the tests use it: the file in the folder that PYRAMID_TEST_MODELS names, and
/// copies of other quantizations that are made once per run.
package enum RealModel {
    package static let skipReason =
        "needs PYRAMID_TEST_MODELS, a folder with SmolLM2-135M-Instruct.Q4_1.gguf: make test sets it"

    /// The original's path; `nil` when it is not there.
    package static let installedPath: String? = {
        guard let folder = ProcessInfo.processInfo.environment["PYRAMID_TEST_MODELS"] else {
            return nil
        }
        let path = folder + "/SmolLM2-135M-Instruct.Q4_1.gguf"
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }()

    package static var isThere: Bool { installedPath != nil }

    /// The original's path, in tests that need it.
    package static var path: String {
        get throws {
            guard let installedPath else { throw MissingModel() }
            return installedPath
        }
    }

    /// The path of a copy of another quantization.
    package static func requantized(to type: String) throws -> String {
        let path = folder.appendingPathComponent("copy-\(type).gguf").path
        guard !FileManager.default.fileExists(atPath: path) else { return path }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Requantizer(type: type, threads: 2).requantize(try Self.path, to: path)
        return path
    }

    private static let folder: URL = {
        atexit { try? FileManager.default.removeItem(at: RealModel.folder) }
        let process = ProcessInfo.processInfo.processIdentifier
        return FileManager.default.temporaryDirectory.appendingPathComponent(
            "pyramid-tests-\(process)")
    }()
}

/// A test was not skipped although there is no model.
private struct MissingModel: Error, CustomStringConvertible {
    var description: String { RealModel.skipReason }
}
