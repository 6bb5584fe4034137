import ArgumentParser
import Foundation
import PyramidEvaluation

/// The prompts, and how they are answered: what `eval` and `sweep` have in common.
struct EvalFlags: ParsableArguments {
    @Option(
        name: [.customShort("f"), .customLong("file")],
        help: ArgumentHelp(
            """
            A prompt file; repeatable. JSONL of GSM8K or HumanEval, whose answers are checked, of \
            Spec-Bench, any JSONL with "prompt", or a .txt file with one prompt a line.
            """, valueName: "file"))
    var files: [String] = []

    @Option(parsing: .unconditional, help: "At most this many prompts of each file.")
    var count: Int?

    @Flag(
        inversion: .prefixedNo,
        help: """
            Put prompts into the model's chat template. (default: for GSM8K and Spec-Bench, whose \
            prompts are messages, and not for the others, which are texts to continue)
            """)
    var chat: Bool?

    @Option(
        name: [.customShort("n"), .customLong("n-predict")], parsing: .unconditional,
        help: "The most tokens of an answer.")
    var predict = 512

    @Flag(
        help: """
            Run the Python programs that the models write for HumanEval, in a sandbox without \
            network and files, and with limits (Linux).
            """)
    var runGeneratedCode = false

    @Option(
        help: ArgumentHelp("Write JSON objects to this file as they come.", valueName: "file"))
    var json: String?

    @Flag(help: "Go on with the file of --json: what is in it is not done again.")
    var resume = false

    func validate() throws {
        guard !files.isEmpty else { throw ValidationError("No prompts: give -f FILE") }
        guard (count ?? 1) >= 1 else {
            throw ValidationError("--count \(count ?? 0) is not 1 or more")
        }
        guard predict >= 1 else {
            throw ValidationError("--n-predict \(predict) is not 1 or more")
        }
        guard json != nil || !resume else { throw ValidationError("--resume needs --json FILE") }
    }

    /// The prompts of all files.
    func items() throws -> [PromptItem] {
        try PromptFiles.items(files, count: count)
    }

    /// Where generated programs run; `nil` when they are not to.
    func sandbox(for items: [PromptItem]) async throws -> CodeSandbox? {
        guard items.contains(where: { EvaluationTask(of: $0) == .humaneval }) else { return nil }
        guard runGeneratedCode else {
            StandardError.write(
                "HumanEval's programs are not run without --run-generated-code, so they are not "
                    + "scored\n")
            return nil
        }
        return try await CodeSandbox()
    }
}
