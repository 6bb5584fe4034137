import ChatTemplates
import Grammar
import LlamaBackend
import PyramidBackends
import PyramidDecoding
import PyramidServer

/// The text side of a model by llama.cpp's vocabulary, grammars and Jinja.
///
/// Nothing of it changes once it is made, and libllama's vocabulary may be read by many threads.
final class LlamaText: ModelText, @unchecked Sendable {
    private let vocabulary: LlamaVocabulary
    private let tokenizer: LlamaTokenizer
    private let template: Result<ChatTemplate, TemplateError>

    init(_ vocabulary: LlamaVocabulary, _ tokenizer: LlamaTokenizer) {
        self.vocabulary = vocabulary
        self.tokenizer = tokenizer
        template = Result { () throws(TemplateError) in try ChatTemplate(vocabulary: vocabulary) }
    }

    var vocabularySize: Int { vocabulary.size }
    var chatTemplate: String? { try? template.get().source }

    func tokens(of text: String, addSpecial: Bool, parseSpecial: Bool) throws -> [TokenID] {
        try tokenizer.tokens(of: text, addSpecial: addSpecial, parseSpecial: parseSpecial)
    }

    func bytes(of token: TokenID) -> [UInt8] { tokenizer.bytes(of: token) }

    func spelling(of token: TokenID) -> String { tokenizer.spelling(of: token) }

    func conversation(_ variables: JSONValue) throws -> String {
        try template.get().text(variables)
    }

    func constraint(grammar: String) throws -> any TokenConstraint {
        try LlamaGrammar(grammar, vocabulary: vocabulary)
    }
}
