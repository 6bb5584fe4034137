import Foundation
import PyramidEvaluation

/// A file of results that a run begins or goes on with.
struct ResultsFile {
    let path: String
    /// What an earlier run has left; `nil` when there is nothing.
    let earlier: JSONLReader?
    private let writer: JSONLWriter

    /// - Parameters:
    ///   - path: The file.
    ///   - resumes: Whether to go on with one that has results.
    init(path: String, resumes: Bool) throws {
        self.path = path
        let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber
        let hasResults = (size?.intValue ?? 0) > 0
        guard resumes || !hasResults else {
            throw CommandFailure(
                "\(path) has results already; name another file, or go on with --resume")
        }
        earlier = hasResults ? try JSONLReader(path: path) : nil
        writer = try JSONLWriter(appendingTo: path)
    }

    /// Writes what the records after it were measured with, which must be the models of before.
    func begin(_ header: RunHeader) throws {
        if let old = try earlier?.records(RunHeader.self).last, old.models != header.models {
            throw CommandFailure(
                "\(path) was measured with \(old.models.map(\.name).joined(separator: ", ")) or "
                    + "other files of these names; load the same, or name another file")
        }
        try writer.write(header)
    }

    func write(_ record: some Record) throws { try writer.write(record) }
}
