import GGUFTestSupport
import Foundation
import GGUF

/// A folder that is removed with everything in it when it is no longer used.
final class TemporaryFolder {
    let path: String

    init() throws {
        let name = "gguf-tests-" + UUID().uuidString
        path = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file and returns its path.
    func write(_ bytes: [UInt8], as name: String = "model.gguf") throws -> String {
        let file = path + "/" + name
        // Removing first leaves the bytes of a file that is still mapped alone.
        try? FileManager.default.removeItem(atPath: file)
        guard FileManager.default.createFile(atPath: file, contents: Data(bytes)) else {
            throw CocoaError(.fileWriteUnknown)
        }
        return file
    }
}

/// Opens what a writer writes.
func open(_ writer: GGUFWriter) throws -> GGUFFile {
    let folder = try TemporaryFolder()
    return try GGUFFile(path: folder.write(writer.bytes()))
}

/// The error that opening these bytes gives, or `nil` when they open.
func failure(opening bytes: [UInt8]) throws -> GGUFError? {
    let folder = try TemporaryFolder()
    let path = try folder.write(bytes)
    return failure { () throws(GGUFError) in _ = try GGUFFile(path: path) }
}

/// The error that `body` throws, or `nil`.
func failure(of body: () throws(GGUFError) -> Void) -> GGUFError? {
    do {
        try body()
        return nil
    } catch {
        return error
    }
}
