/// Whether an answer is right.
public struct AnswerScore: Sendable, Equatable {
    /// Whether it is; `nil` where there is no right or wrong, or it was not checked.
    public var isCorrect: Bool?
    /// Why it is wrong or was not checked, in a few words.
    public var reason: String?

    /// Checks an answer.
    ///
    /// - Parameters:
    ///   - text: The answer.
    ///   - item: The prompt.
    ///   - isMessage: Whether the prompt was put as a message.
    ///   - sandbox: Where generated programs run; without one they are not checked.
    /// - Throws: When a program cannot be started.
    public init(
        _ text: String, to item: PromptItem, isMessage: Bool, sandbox: CodeSandbox?
    ) async throws {
        switch EvaluationTask(of: item) {
        case .text: break
        case .gsm8k:
            let expected = item.reference.flatMap { NumericAnswer(in: $0) }
            let found = NumericAnswer(in: text)
            isCorrect = found != nil && found == expected
            if isCorrect == false {
                let wanted = expected?.description ?? "none"
                reason = "\(found?.description ?? "no number"), not \(wanted)"
            }
        case .humaneval:
            guard let task = item.program else { return }
            guard let sandbox else {
                reason = "not run"
                return
            }
            let source =
                isMessage
                ? CodeAnswer.source(message: text, to: item.text, entryPoint: task.entryPoint)
                : CodeAnswer.source(continuation: text, of: item.text)
            let verdict = try await CodeVerdict(source: source, task: task, sandbox: sandbox)
            isCorrect = verdict.passes
            reason = verdict.reason
        }
    }
}
