import ArgumentParser
import LlamaBackend
import PyramidBackends
import PyramidDecoding
import PyramidEvaluation

/// Which prompts, and how they are put to the models.
struct BenchPromptFlags: ParsableArguments {
    @Option(
        name: [.customShort("f"), .customLong("file")],
        help: ArgumentHelp(
            """
            A prompt file; repeatable. JSONL of Spec-Bench, HumanEval or GSM8K, any JSONL with \
            "prompt", or a .txt file with one prompt a line.
            """, valueName: "file"))
    var files: [String] = []

    @Option(parsing: .unconditional, help: "At most this many prompts of each file.")
    var count: Int?

    @Option(
        parsing: .unconditional, help: "At most this many prompts of each category of a file.")
    var perCategory: Int?

    @Flag(
        inversion: .prefixedNo,
        help: """
            Put prompts into the model's chat template. (default: for Spec-Bench and GSM8K, whose \
            prompts are messages, and not for the others, which are texts to continue)
            """)
    var chat: Bool?

    @Option(
        name: [.customShort("n"), .customLong("n-predict")], parsing: .unconditional,
        help: "The most tokens of a text.")
    var predict = 128

    func validate() throws {
        for (flag, value) in [("--count", count), ("--per-category", perCategory)] {
            guard let value, value < 1 else { continue }
            throw ValidationError("\(flag) \(value) is not 1 or more")
        }
        guard predict >= 1 else {
            throw ValidationError("--n-predict \(predict) is not 1 or more")
        }
    }

    /// The prompts of all files.
    ///
    /// - Throws: `PromptError`, or ``CommandFailure`` when two files have a prompt of one id.
    func items() throws -> [PromptItem] {
        try PromptFiles.items(files, count: count, perCategory: perCategory)
    }

    /// The prompts as the models get them.
    ///
    /// - Throws: ``CommandFailure`` for a prompt that does not fit into the context with `tokens`
    ///   more: its text would be cut, and its figures would not compare.
    func rendered(
        _ items: [PromptItem], for loaded: ModelPyramid, _ tokens: Int
    ) throws -> [BenchPrompt] {
        var renderer = PromptRenderer(loaded, chat: chat)
        return try items.map { item in
            let rendered = try renderer.rendered(item)
            let prompt = BenchPrompt(
                item: item, rendered: rendered.text, chat: rendered.isChat,
                tokens: rendered.tokens)
            let needed = prompt.tokens.count + tokens
            guard needed <= loaded.pyramid.contextSize else {
                throw CommandFailure(
                    "\(item.id) has \(prompt.tokens.count) tokens, and with \(tokens) more it does "
                        + "not fit into the context of \(loaded.pyramid.contextSize); give "
                        + "-c \(needed) or more, or a smaller -n")
            }
            return prompt
        }
    }
}
