import ArgumentParser
import ChatTemplates
import LlamaBackend
import PyramidBackends

/// The prompt: an argument, a file, or standard input.
struct PromptFlags: ParsableArguments {
    @Option(name: [.short, .long], parsing: .unconditional, help: "The prompt.")
    var prompt: String?

    @Option(name: [.short, .long], help: "A file with the prompt; '-' is standard input.")
    var file: String?

    @Flag(help: "Put the prompt into the model's chat template, as the user's message.")
    var chat = false

    @Option(
        name: [.customLong("sys", withSingleDash: true), .long], parsing: .unconditional,
        help: "The system message, with --chat.")
    var systemPrompt: String?

    func validate() throws {
        guard prompt == nil || file == nil else {
            throw ValidationError("Give the prompt by -p or by -f, not by both")
        }
        guard systemPrompt == nil || chat else {
            throw ValidationError("-sys needs --chat")
        }
    }

    /// The prompt as given.
    func text() throws -> String {
        let text = try prompt ?? source.text()
        guard !text.isEmpty else {
            throw CommandFailure("the prompt is empty; give one by -p, -f or standard input")
        }
        return text
    }

    /// The text to tokenize: as given, or in the model's chat template.
    func rendered(_ text: String, for vocabulary: LlamaVocabulary) throws -> String {
        guard chat else { return text }
        var messages = [ChatMessage(role: "user", content: text)]
        if let systemPrompt {
            messages.insert(ChatMessage(role: "system", content: systemPrompt), at: 0)
        }
        return try ChatTemplate(vocabulary: vocabulary).prompt(for: messages)
    }

    private var source: PromptSource {
        guard let file, file != "-" else { return .standardInput }
        return .file(path: file)
    }
}
