import ChatTemplates
import LlamaBackend
import PyramidBackends
import PyramidDecoding
import PyramidEvaluation

/// Turns the prompts of files into what a model gets.
struct PromptRenderer {
    let loaded: ModelPyramid
    /// Whether prompts are put into the model's chat template; `nil` is for messages only.
    let chat: Bool?
    private var template: ChatTemplate?

    init(_ loaded: ModelPyramid, chat: Bool?) {
        self.loaded = loaded
        self.chat = chat
    }

    /// A prompt's text, whether it is in the chat template, and its tokens.
    struct Rendered {
        var text: String
        var isChat: Bool
        var tokens: [TokenID]
    }

    /// - Throws: When a template is needed and the model has none that can be used.
    mutating func rendered(_ item: PromptItem) throws -> Rendered {
        let isChat = chat ?? (item.style == .message)
        if isChat, template == nil { template = try ChatTemplate(vocabulary: loaded.vocabulary) }
        let message = ChatMessage(role: "user", content: item.text)
        let text = isChat ? try template?.prompt(for: [message]) ?? item.text : item.text
        return Rendered(
            text: text, isChat: isChat,
            tokens: try loaded.tokenizer.tokens(of: text, addSpecial: true, parseSpecial: true))
    }
}
