/// What an answer is checked for.
public enum EvaluationTask: String, Sendable, Codable, CaseIterable {
    /// A problem in words, whose answer is a number.
    case gsm8k
    /// A function to complete, which checks are run against.
    case humaneval
    /// A text without a right or wrong.
    case text

    /// The task of a prompt, by what came with it.
    public init(of item: PromptItem) {
        self = item.program != nil ? .humaneval : item.reference != nil ? .gsm8k : .text
    }
}
