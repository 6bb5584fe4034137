import Foundation

/// A folder that is removed with everything in it when it is no longer used.
package final class TemporaryFolder {
    package let path: String

    package init() throws {
        let name = "gguf-tests-" + UUID().uuidString
        path = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file and returns its path.
    package func write(_ bytes: [UInt8], as name: String = "model.gguf") throws -> String {
        let file = path + "/" + name
        // Removing first leaves the bytes of a file that is still mapped alone.
        try? FileManager.default.removeItem(atPath: file)
        guard FileManager.default.createFile(atPath: file, contents: Data(bytes)) else {
            throw CocoaError(.fileWriteUnknown)
        }
        return file
    }
}
