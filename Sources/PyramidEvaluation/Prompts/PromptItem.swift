/// A prompt of a prompt file, and what its answer can be checked with.
public struct PromptItem: Sendable, Codable, Equatable {
    /// Whether a prompt is a message to an assistant or the start of a text.
    public enum Style: String, Sendable, Codable {
        /// To be put into the model's chat template.
        case message
        /// To be continued as it stands.
        case completion
    }

    /// What tells the prompt from all others, such as `HumanEval/0` or `gsm8k/1`.
    public var id: String
    /// What the prompt is about, for figures by category.
    public var category: String
    /// The prompt.
    public var text: String
    /// Message or start of a text.
    public var style: Style
    /// The reference answer, where the file has one: GSM8K's, whose last line is `#### NUMBER`.
    public var reference: String?
    /// What a generated program is tested with: HumanEval's.
    public var program: ProgramTask?

    /// A prompt.
    public init(
        id: String, category: String, text: String, style: Style = .completion,
        reference: String? = nil
    ) {
        self.id = id
        self.category = category
        self.text = text
        self.style = style
        self.reference = reference
    }
}

/// How a program that continues a HumanEval prompt is tested.
public struct ProgramTask: Sendable, Codable, Equatable {
    /// The name of the function to complete.
    public var entryPoint: String
    /// Python source that defines `check(candidate)`.
    public var test: String
    /// A body of the function that passes.
    public var canonicalSolution: String

    /// A test with its parts.
    public init(entryPoint: String, test: String, canonicalSolution: String) {
        self.entryPoint = entryPoint
        self.test = test
        self.canonicalSolution = canonicalSolution
    }
}
