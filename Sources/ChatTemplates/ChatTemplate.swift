public import Grammar

/// A model's own chat template, with the tokens that it writes around texts.
public struct ChatTemplate: Sendable {
    private let template: JinjaTemplate
    private let markers: [JSONValue.Member]

    /// A model's template.
    ///
    /// - Parameters:
    ///   - source: The template in the model's file; `nil` where it has none.
    ///   - beginText: How the token is spelled that begins a text; empty where there is none.
    ///   - endText: How the token is spelled that ends one.
    /// - Throws: ``TemplateError`` where there is none, or none that can be read.
    public init(_ source: String?, beginText: String, endText: String) throws(TemplateError) {
        guard let source else {
            throw TemplateError(
                "the model's file has no chat template; write the prompt in the model's own format "
                    + "(without --chat, or by /v1/completions)")
        }
        template = try JinjaTemplate(source)
        markers = [
            .init("bos_token", .string(beginText)), .init("eos_token", .string(endText)),
        ]
    }

    /// The template's text.
    public var source: String { template.source }

    /// The conversation as one prompt that ends where the assistant is to speak.
    ///
    /// - Throws: ``TemplateError`` where the template refuses the messages, or fails.
    public func prompt(for messages: [ChatMessage]) throws(TemplateError) -> String {
        let list = messages.map { message -> JSONValue in
            .object([
                .init("role", .string(message.role)), .init("content", .string(message.content)),
            ])
        }
        let variables: JSONValue = .object([
            .init("messages", .array(list)), .init("add_generation_prompt", .boolean(true)),
        ])
        return try text(variables)
    }

    /// What the template makes of an object of variables.
    ///
    /// - Throws: ``TemplateError`` where it refuses or fails.
    public func text(_ variables: JSONValue) throws(TemplateError) -> String {
        guard case .object(let members) = variables else {
            throw TemplateError("the variables of a chat template are an object by name")
        }
        // Last, so that nothing in the request overrules them.
        return try template.rendered(.object(members + markers))
    }
}
