public import ChatTemplates
public import LlamaBackend

extension ChatTemplate {
    /// The template of a model's file.
    ///
    /// - Throws: `TemplateError` where it has none, or none that can be read.
    public init(vocabulary: LlamaVocabulary) throws(TemplateError) {
        let tokenizer = LlamaTokenizer(vocabulary: vocabulary)
        try self.init(
            vocabulary.chatTemplateSource,
            beginText: vocabulary.beginToken.map(tokenizer.spelling) ?? "",
            endText: vocabulary.endToken.map(tokenizer.spelling) ?? "")
    }
}
