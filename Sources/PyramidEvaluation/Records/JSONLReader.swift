internal import Foundation

/// Reads a results file: one record a line.
///
/// A last line without its end, which an interrupted run leaves, counts only when it is whole.
public struct JSONLReader: Sendable {
    private let path: String
    private let lines: [Data]

    /// Reads the file at `path`.
    ///
    /// - Throws: ``RecordError`` when it cannot be read.
    public init(path: String) throws(RecordError) {
        self.path = path
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw RecordError(
                path: path, reason: "cannot be read: \(error.localizedDescription)")
        }
        lines = data[..<Self.wholeLength(of: data)]
            .split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { Data($0) }
    }

    /// The records of one type, in the order of the file.
    ///
    /// - Throws: ``RecordError`` with the line that is no record.
    public func records<Value: Record>(_ type: Value.Type) throws(RecordError) -> [Value] {
        var records: [Value] = []
        for (index, line) in lines.enumerated() where !line.isEmpty {
            do {
                if let record = try RecordCoding.record(type, on: line) { records.append(record) }
            } catch {
                throw RecordError(
                    path: path, line: index + 1,
                    reason: "no record of pyramid's results: \(Self.words(error))")
            }
        }
        return records
    }

    /// The bytes before a torn last line.
    static func wholeLength(of data: Data) -> Int {
        let end = data.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let isWhole = (try? JSONSerialization.jsonObject(with: data[end...])) != nil
        return isWhole ? data.count : end
    }

    private static func words(_ error: any Error) -> String {
        switch error as? Swift.DecodingError {
        case .keyNotFound(let key, _): "it has no '\(key.stringValue)'"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "'\(context.codingPath.map(\.stringValue).joined(separator: "."))': "
                + context.debugDescription
        default: "it is not JSON"
        }
    }
}
