/// Answers every prompt by every method, and scores the answers.
///
/// The methods take turns at each prompt, so that an evaluation that ends early has compared all
/// methods on the same prompts.
public struct EvaluationRun {
    /// The prompts.
    public var items: [PromptItem]
    /// The names of the methods.
    public var methods: [String]
    /// What all answers have in common.
    public var setting: EvaluationSetting
    /// Where generated programs run; without one they are not checked.
    public var sandbox: CodeSandbox?
    private var known: [EvaluationRecord.Key: EvaluationRecord] = [:]

    /// A run.
    ///
    /// - Parameters:
    ///   - items: The prompts.
    ///   - methods: The names of the methods.
    ///   - setting: What all answers have in common.
    ///   - sandbox: Where generated programs run; without one they are not checked.
    ///   - records: What an earlier run has left, which is not done again.
    public init(
        items: [PromptItem], methods: [String], setting: EvaluationSetting,
        sandbox: CodeSandbox? = nil, records: [EvaluationRecord] = []
    ) {
        self.items = items
        self.methods = methods
        self.setting = setting
        self.sandbox = sandbox
        for record in records { known[record.key] = record }
    }

    /// How many answers there are to be.
    public var count: Int { items.count * methods.count }

    /// How many answers an earlier run has left.
    public var knownCount: Int {
        items.reduce(0) { count, item in count + methods.count { record($0, item) != nil } }
    }

    /// Runs.
    ///
    /// - Parameters:
    ///   - decode: Answers a prompt by the method of a name; `nil` ends the run.
    ///   - surprise: Tells how likely the target finds an answer.
    ///   - keep: Receives every record that was made or changed.
    /// - Returns: All records, those of earlier runs included, in the order of the prompts.
    /// - Throws: What `decode`, `surprise` and `keep` throw, and when a program cannot be started.
    public func run(
        decode: (String, PromptItem) throws -> DecodedAnswer?,
        surprise: (DecodedAnswer) throws -> TextSurprise,
        keep: (EvaluationRecord) throws -> Void
    ) async throws -> [EvaluationRecord] {
        var records: [EvaluationRecord] = []
        for item in items {
            // Exact modes write the same text over and over.
            var judged: [EvaluationRecord] = []
            for method in methods {
                if let old = record(method, item) {
                    var record = old
                    try await score(&record, item)
                    if record != old { try keep(record) }
                    judged.append(record)
                    continue
                }
                guard let answer = try decode(method, item) else { return records + judged }
                var record = EvaluationRecord(
                    method: method, item: item, answer: answer, setting: setting)
                let twin = judged.first { $0.tokens == record.tokens }
                record.surprise = try twin?.surprise ?? surprise(answer)
                try await score(&record, item)
                try keep(record)
                judged.append(record)
            }
            records += judged
        }
        return records
    }

    private func record(_ method: String, _ item: PromptItem) -> EvaluationRecord? {
        known[EvaluationRecord.Key(method: method, promptId: item.id, setting: setting)]
    }

    /// Also a record of an earlier run, whose program was not run then.
    private func score(_ record: inout EvaluationRecord, _ item: PromptItem) async throws {
        guard record.isCorrect == nil, record.task != .text else { return }
        record.take(
            try await AnswerScore(
                record.text, to: item, isMessage: record.isMessage, sandbox: sandbox))
    }
}
