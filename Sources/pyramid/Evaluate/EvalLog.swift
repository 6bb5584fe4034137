import Foundation
import PyramidEvaluation

/// The results file of an evaluation or a sweep: what it has, and what is added.
struct EvalLog<Entry: Record> {
    /// What an earlier run has left.
    let records: [Entry]
    private let writer: JSONLWriter?

    /// - Parameters:
    ///   - flags: The file, and whether to go on with one that has results.
    ///   - header: Written before what is added; the file's models must be the same.
    init(_ flags: EvalFlags, header: RunHeader) throws {
        guard let path = flags.json else {
            records = []
            writer = nil
            return
        }
        let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber
        if (size?.intValue ?? 0) > 0 {
            guard flags.resume else {
                throw CommandFailure(
                    "\(path) has results already; name another file, or go on with --resume")
            }
            let reader = try JSONLReader(path: path)
            if let old = try reader.records(RunHeader.self).last, old.models != header.models {
                throw CommandFailure(
                    "\(path) was measured with \(old.models.map(\.name).joined(separator: ", ")) "
                        + "or other files of these names; load the same, or name another file")
            }
            records = try reader.records(Entry.self)
        } else {
            records = []
        }
        writer = try JSONLWriter(appendingTo: path)
        try writer?.write(header)
    }

    func add(_ record: Entry) throws { try writer?.write(record) }
}
