import GGUF
import GGUFTestSupport

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
