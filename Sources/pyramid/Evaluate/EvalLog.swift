import PyramidEvaluation

/// The results file of an evaluation or a sweep: what it has, and what is added.
struct EvalLog<Entry: Record> {
    /// What an earlier run has left.
    let records: [Entry]
    private let file: ResultsFile?

    /// - Parameters:
    ///   - flags: The file, and whether to go on with one that has results.
    ///   - header: Written before what is added; the file's models must be the same.
    init(_ flags: EvalFlags, header: RunHeader) throws {
        file = try flags.json.map { try ResultsFile(path: $0, resumes: flags.resume) }
        records = try file?.earlier?.records(Entry.self) ?? []
        try file?.begin(header)
    }

    func add(_ record: Entry) throws { try file?.write(record) }
}
