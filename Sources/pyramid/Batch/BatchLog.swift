import Foundation

/// The file of answers: what it has, and what is added.
final class BatchLog {
    /// The answers of an earlier run.
    private let done: [BatchAnswer.Key: BatchAnswer]
    private let path: String
    private let file: FileHandle
    private let encoder = JSONEncoder()

    init(path: String, resumes: Bool) throws {
        let url = URL(fileURLWithPath: path)
        let old = (try? Data(contentsOf: url)) ?? Data()
        guard resumes || old.isEmpty else {
            throw CommandFailure(
                "\(path) has answers already; name another file, or go on with --resume")
        }
        // What an interrupted run left of a line is made again.
        let whole = old.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        self.path = path
        let answers = try old.prefix(whole).split(separator: UInt8(ascii: "\n")).enumerated().map {
            number, line in
            guard let answer = try? JSONDecoder().decode(BatchAnswer.self, from: line) else {
                throw CommandFailure(
                    "\(path), line \(number + 1): not an answer of pyramid batch; name another "
                        + "file")
            }
            return answer
        }
        done = Dictionary(
            answers.map { (BatchAnswer.Key(id: $0.id, sample: $0.sample), $0) },
            uniquingKeysWith: { _, last in last })
        guard
            FileManager.default.fileExists(atPath: path)
                || FileManager.default.createFile(atPath: path, contents: nil),
            let file = FileHandle(forWritingAtPath: path)
        else {
            throw CommandFailure("\(path) cannot be written; name a file in a folder of yours")
        }
        self.file = file
        try file.truncate(atOffset: UInt64(whole))
        try file.seekToEnd()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    }

    /// Whether a job was done by an earlier run.
    ///
    /// - Parameter hasSeed: Whether the user chose the seed.
    /// - Throws: ``CommandFailure`` when what was done under its name was another job.
    func has(_ job: BatchJob, levels: [String], hasSeed: Bool) throws -> Bool {
        guard let answer = done[BatchAnswer.Key(id: job.id, sample: job.sample)] else {
            return false
        }
        guard answer.levels == levels, answer.promptTokens == job.tokens,
            !hasSeed || answer.seed == job.seed
        else {
            throw CommandFailure(
                "\(path) has an answer \(job.id) to another prompt, by other models or with "
                    + "another seed; go on with the same, or name another file")
        }
        return true
    }

    func add(_ answer: BatchAnswer) throws {
        try file.write(contentsOf: encoder.encode(answer) + Data("\n".utf8))
    }
}
