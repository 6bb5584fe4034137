internal import PyramidDecoding

/// Decodes the same prompts under every setting of a grid.
///
/// Speculative decoding comes first, and the fastest of its cells is the reference: it decodes
/// every prompt of every later cell in turn with that cell, so that a machine that is slower for
/// a while does not make a setting look slower.
public struct SweepRun {
    /// The settings, plain and speculative decoding first.
    public var cells: [SweepCell]
    /// The names of all loaded levels, bottom first.
    public var levels: [String]
    /// The prompts.
    public var items: [PromptItem]
    /// What all answers have in common.
    public var setting: EvaluationSetting
    /// Where generated programs run; without one they are not checked.
    public var sandbox: CodeSandbox?
    private var known: [SweepRecord.Key: SweepRecord] = [:]

    /// A run.
    ///
    /// - Parameters:
    ///   - cells: The settings, as ``SweepGrid/cells(for:)`` orders them.
    ///   - levels: The names of all loaded levels, bottom first.
    ///   - items: The prompts.
    ///   - setting: What all answers have in common.
    ///   - sandbox: Where generated programs run; without one they are not checked.
    public init(
        cells: [SweepCell], levels: [String], items: [PromptItem], setting: EvaluationSetting,
        sandbox: CodeSandbox? = nil
    ) {
        self.cells = cells
        self.levels = levels
        self.items = items
        self.setting = setting
        self.sandbox = sandbox
    }

    /// Leaves out the cells that an earlier run has done.
    public mutating func skip(_ records: [SweepRecord]) {
        for record in records where record.items == items.count { known[record.key] = record }
    }

    /// How many of the cells an earlier run has done.
    public var knownCount: Int { cells.count { known[record($0).key] != nil } }

    /// Runs all cells that are not done.
    ///
    /// - Parameters:
    ///   - decode: Answers a prompt by a method; `nil` ends the run, and the cell in progress is
    ///     dropped.
    ///   - progress: Told of every answer.
    ///   - keep: Receives every new record.
    /// - Returns: All records, those of earlier runs included, in the order of the cells.
    /// - Throws: What `decode` and `keep` throw, and when a program cannot be started.
    public func run(
        decode: (BenchMethod, PromptItem) throws -> DecodedAnswer?,
        progress: (SweepCell, BenchProgress) -> Void,
        keep: (SweepRecord) throws -> Void
    ) async throws -> [SweepRecord] {
        let clock = ContinuousClock()
        let began = clock.now
        var records: [SweepRecord] = []
        var done = 0
        let total = answers
        for cell in cells {
            if let record = known[record(cell).key] {
                records.append(record)
                continue
            }
            let reference = cell.group.isReference ? nil : Self.reference(in: records, of: cells)
            var tally = SweepTally()
            for item in items {
                guard let answer = try decode(cell.method, item) else { return records }
                var compared: DecodedAnswer?
                if let reference {
                    compared = try decode(reference.method, item)
                    guard compared != nil else { return records }
                }
                let score = try await AnswerScore(
                    answer.text, to: item,
                    isMessage: TaskPrompt(item, chat: setting.chat).isMessage,
                    sandbox: sandbox)
                tally.add(answer, isCorrect: score.isCorrect, reference: compared)
                done += reference == nil ? 1 : 2
                progress(
                    cell, BenchProgress(done: done, total: total, elapsed: clock.now - began))
            }
            var record = record(cell)
            record.reference = reference?.name
            tally.fill(&record)
            try keep(record)
            records.append(record)
        }
        return records
    }

    /// The fastest cell of speculative decoding.
    private static func reference(
        in records: [SweepRecord], of cells: [SweepCell]
    ) -> SweepCell? {
        let fastest = records.filter { $0.group == .sd }
            .max { ($0.tokensPerSecond ?? 0) < ($1.tokensPerSecond ?? 0) }
        return cells.first { $0.name == fastest?.cell }
    }

    /// How many answers are to be made.
    private var answers: Int {
        cells.filter { known[record($0).key] == nil }
            .reduce(0) { $0 + items.count * ($1.group.isReference ? 1 : 2) }
    }

    private func record(_ cell: SweepCell) -> SweepRecord {
        SweepRecord(
            cell, levels: cell.method.levels.map { levels[$0] },
            prompts: TextHash.of(items.flatMap { $0.id.utf8.map { TokenID($0) } + [-1] }),
            setting: setting)
    }
}
