internal import Foundation

/// Appends records to a results file, each at once, so that nothing is lost when a run ends early.
public final class JSONLWriter {
    private let path: String
    private let file: FileHandle

    /// Opens a file, which is made when it is not there; a torn last line is taken away.
    ///
    /// - Throws: ``RecordError`` when it cannot be opened.
    public init(appendingTo path: String) throws(RecordError) {
        self.path = path
        do {
            if !FileManager.default.fileExists(atPath: path) {
                try Data().write(to: URL(fileURLWithPath: path))
            }
            let data = try Data(contentsOf: URL(fileURLWithPath: path))
            let length = JSONLReader.wholeLength(of: data)
            file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
            if length < data.count { try file.truncate(atOffset: UInt64(length)) }
            try file.seekToEnd()
            if length > 0, data[length - 1] != UInt8(ascii: "\n") {
                try file.write(contentsOf: Data("\n".utf8))
            }
        } catch {
            throw Self.unwritable(path, error)
        }
    }

    /// Appends a record; it is in the file when this returns.
    ///
    /// - Throws: ``RecordError`` when it cannot be written.
    public func write(_ record: some Record) throws(RecordError) {
        do {
            var line = try RecordCoding.line(record)
            line.append(UInt8(ascii: "\n"))
            try file.write(contentsOf: line)
        } catch {
            throw Self.unwritable(path, error)
        }
    }

    private static func unwritable(_ path: String, _ error: any Error) -> RecordError {
        RecordError(
            path: path,
            reason: "cannot be written: \(error.localizedDescription); name another file")
    }
}
