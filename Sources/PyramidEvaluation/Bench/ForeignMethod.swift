/// A method that another program runs, on the same prompts and between ours.
public struct ForeignMethod {
    /// What results call it.
    public var name: String
    /// Decodes a prompt: the item, its text as our models get it, and the most tokens. The record's
    /// method, repetition, prompt and category are set by the runner.
    public var run: (PromptItem, String, Int) throws -> BenchRecord

    /// A method of another program.
    public init(
        name: String, run: @escaping (PromptItem, String, Int) throws -> BenchRecord
    ) {
        self.name = name
        self.run = run
    }
}
