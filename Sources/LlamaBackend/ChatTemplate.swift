internal import CLlama

/// A message of a conversation.
public struct ChatMessage: Sendable, Codable, Equatable {
    /// Who speaks: `system`, `user` or `assistant`.
    public var role: String
    /// What is said.
    public var content: String

    /// A message.
    public init(role: String, content: String) {
        self.role = role
        self.content = content
    }
}

/// The model's own chat template, as far as libllama knows it: it recognises some fifty common
/// templates and does not run Jinja.
public struct ChatTemplate {
    private let template: String
    private let path: String

    /// The template in the model's file.
    ///
    /// - Throws: ``LlamaError`` when it has none.
    public init(vocabulary: LlamaVocabulary) throws(LlamaError) {
        path = vocabulary.path
        guard let text = llama_model_chat_template(vocabulary.handle.model, nil) else {
            throw LlamaError(
                .chatTemplate,
                "\(path): the file has no chat template; leave out --chat and write the prompt in "
                    + "the model's own format")
        }
        template = String(cString: text)
    }

    /// The conversation as one prompt that ends where the assistant is to speak.
    ///
    /// - Throws: ``LlamaError`` when libllama does not know the template.
    public func prompt(for messages: [ChatMessage]) throws(LlamaError) -> String {
        guard !messages.contains(where: { $0.content.utf8.contains(0) }) else {
            throw LlamaError(
                .chatTemplate,
                "a message contains a NUL character, which chat templates cannot carry; remove it")
        }
        var strings: [UnsafeMutablePointer<CChar>] = []
        defer { strings.forEach { $0.deallocate() } }
        func copy(_ text: String) -> UnsafePointer<CChar> {
            let bytes = Array(text.utf8CString)
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
            copy.initialize(from: bytes, count: bytes.count)
            strings.append(copy)
            return UnsafePointer(copy)
        }
        let native = messages.map {
            llama_chat_message(role: copy($0.role), content: copy($0.content))
        }
        var buffer = [CChar](repeating: 0, count: 1024)
        var count = apply(native, &buffer)
        if count > Int32(buffer.count) {
            buffer = [CChar](repeating: 0, count: Int(count))
            count = apply(native, &buffer)
        }
        guard count >= 0 else {
            throw LlamaError(
                .chatTemplate,
                "\(path): libllama does not know its chat template, which starts "
                    + "\"\(template.prefix(60))\"; leave out --chat and write the prompt in the "
                    + "model's own format",
                nativeCode: count)
        }
        return String(decoding: buffer[..<Int(count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private func apply(_ messages: [llama_chat_message], _ buffer: inout [CChar]) -> Int32 {
        llama_chat_apply_template(
            template, messages, messages.count, true, &buffer, Int32(buffer.count))
    }
}
