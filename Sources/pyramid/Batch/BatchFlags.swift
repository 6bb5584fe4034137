import ArgumentParser
import PyramidBackends
import PyramidDecoding
import PyramidEvaluation

/// The prompts of a batch, and how they are answered.
struct BatchFlags: ParsableArguments {
    @Option(
        name: [.customShort("f"), .customLong("file")],
        help: ArgumentHelp(
            """
            A prompt file; repeatable. JSONL with "prompt", Spec-Bench, HumanEval or GSM8K, or a \
            .txt file with one prompt a line.
            """, valueName: "file"))
    var files: [String] = []

    @Option(parsing: .unconditional, help: "At most this many prompts of each file.")
    var count: Int?

    @Option(parsing: .unconditional, help: "Answers to each prompt, with a seed each.")
    var samples = 1

    @Flag(
        inversion: .prefixedNo,
        help: """
            Put prompts into the model's chat template. (default: for GSM8K and Spec-Bench, whose \
            prompts are messages, and not for the others)
            """)
    var chat: Bool?

    @Option(
        name: [.customShort("n"), .customLong("n-predict")], parsing: .unconditional,
        help: "The most tokens of an answer.")
    var predict = 512

    @Option(
        name: [.customLong("np", withSingleDash: true), .long], parsing: .unconditional,
        help: "Answers that are decoded at the same time.")
    var parallel = 8

    @Option(
        name: [.customShort("r"), .customLong("reverse-prompt"), .customLong("stop")],
        help: ArgumentHelp("End an answer before this text; repeatable.", valueName: "text"))
    var stop: [String] = []

    @Option(
        name: [.customShort("o"), .customLong("json")],
        help: ArgumentHelp("Write answers to this file.", valueName: "file"))
    var json: String

    @Flag(help: "Go on with the file of --json: answers that are in it are not made again.")
    var resume = false

    func validate() throws {
        guard !files.isEmpty else { throw ValidationError("No prompts: give -f FILE") }
        for (flag, value, most) in [
            ("--count", count ?? 1, Int.max), ("--samples", samples, 1_000_000),
            ("--n-predict", predict, .max), ("--parallel", parallel, 256),
        ] where !(1...most).contains(value) {
            throw ValidationError(
                "\(flag) \(value) is not "
                    + (most == .max ? "1 or more" : "between 1 and \(most)"))
        }
    }

    /// The prompts of all files.
    func items() throws -> [PromptItem] {
        try PromptFiles.items(files, count: count)
    }

    /// What is to be answered.
    ///
    /// - Throws: ``CommandFailure`` for a prompt that does not fit into the context.
    func queue(
        _ items: [PromptItem], for loaded: ModelPyramid, seed: UInt64
    ) throws -> [BatchJob] {
        var renderer = PromptRenderer(loaded, chat: chat)
        var jobs: [BatchJob] = []
        for (index, item) in items.enumerated() {
            let rendered = try renderer.rendered(item)
            let tokens = rendered.tokens
            guard tokens.count < loaded.pyramid.contextSize else {
                throw CommandFailure(
                    "\(item.id) has \(tokens.count) tokens, which do not fit into the context of "
                        + "\(loaded.pyramid.contextSize); give -c \(tokens.count + predict) or more"
                )
            }
            for sample in 0..<samples {
                jobs.append(
                    BatchJob(
                        id: item.id, sample: sample, prompt: rendered.text, tokens: tokens,
                        seed: seed &+ UInt64(index * samples + sample)))
            }
        }
        return jobs
    }
}
