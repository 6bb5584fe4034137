/// A prompt in the words in which its task is put to a model.
public struct TaskPrompt: Sendable, Equatable {
    /// What the model reads.
    public let text: String
    /// Whether it is a message for the chat template, not a text to be continued.
    public let isMessage: Bool
    /// Texts before which the answer ends: where a completed function is over.
    public let stopStrings: [String]

    /// Puts a prompt's task into words.
    ///
    /// - Parameters:
    ///   - item: The prompt.
    ///   - chat: Whether it is a message; `nil` leaves that to the prompt's style.
    public init(_ item: PromptItem, chat: Bool?) {
        isMessage = chat ?? (item.style == .message)
        switch EvaluationTask(of: item) {
        case .gsm8k:
            text = """
                \(item.text)

                Work it out step by step. Then end your answer with a line of its own that reads \
                #### N, where N is the final result as a plain number without a unit.\
                \(isMessage ? "" : "\n\nAnswer:")
                """
            stopStrings = []
        case .humaneval where isMessage:
            text = """
                Complete this Python function. Answer with one code block that holds the whole \
                function and the imports that it needs.

                ```python
                \(item.text)
                ```
                """
            stopStrings = []
        case .humaneval:
            text = item.text
            stopStrings = ["\ndef ", "\nclass ", "\nif __name__", "\nprint(", "\n```"]
        case .text:
            text = item.text
            stopStrings = []
        }
    }
}
