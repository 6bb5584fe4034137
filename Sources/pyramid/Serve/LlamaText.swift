import ChatTemplates
import Grammar
import LlamaBackend
import PyramidDecoding
import PyramidServer

/// The text side of a model by llama.cpp's vocabulary, grammars and Jinja.
///
/// Nothing of it changes once it is made, and libllama's vocabulary may be read by many threads.
final class LlamaText: ModelText, @unchecked Sendable {
    private let vocabulary: LlamaVocabulary
    private let tokenizer: LlamaTokenizer
    private let template: JinjaTemplate?
    /// Why there is no template.
    private let missing: String
    private let markers: [JSONValue.Member]

    init(_ vocabulary: LlamaVocabulary, _ tokenizer: LlamaTokenizer) {
        self.vocabulary = vocabulary
        self.tokenizer = tokenizer
        markers = [("bos_token", vocabulary.beginToken), ("eos_token", vocabulary.endToken)]
            .map { .init($0, .string($1.map(tokenizer.spelling) ?? "")) }
        var missing = "the model's file has no chat template; use /v1/completions"
        do {
            template = try vocabulary.chatTemplateSource.map { source throws(TemplateError) in
                try JinjaTemplate(source)
            }
        } catch {
            template = nil
            missing = "\(error)"
        }
        self.missing = missing
    }

    var vocabularySize: Int { vocabulary.size }
    var chatTemplate: String? { template?.source }

    func tokens(of text: String, addSpecial: Bool, parseSpecial: Bool) throws -> [TokenID] {
        try tokenizer.tokens(of: text, addSpecial: addSpecial, parseSpecial: parseSpecial)
    }

    func bytes(of token: TokenID) -> [UInt8] { tokenizer.bytes(of: token) }

    func spelling(of token: TokenID) -> String { tokenizer.spelling(of: token) }

    func conversation(_ variables: JSONValue) throws -> [ConversationPart] {
        guard let template else { throw CommandFailure(missing) }
        guard case .object(let members) = variables else { return [] }
        // Before the request's own, which must not be overruled.
        return try template.rendered(.object(markers + members)).map {
            ConversationPart(text: $0.text, isInput: $0.isInput)
        }
    }

    func constraint(grammar: String) throws -> any TokenConstraint {
        try LlamaGrammar(grammar, vocabulary: vocabulary)
    }
}
