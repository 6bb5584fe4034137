internal import CJinja
public import Grammar
import Synchronization

/// A chat template in Jinja, as GGUF files hold it, run by llama.cpp's engine.
public final class JinjaTemplate: Sendable {
    /// The template's text.
    public let source: String
    /// Whether it does something with `tools`.
    public let supportsTools: Bool

    /// The read template, at which one thread at a time may work.
    private let program: Mutex<Program>

    /// Reads a template.
    ///
    /// - Throws: ``TemplateError`` for what is no Jinja, or uses what the engine does not have.
    public init(_ source: String) throws(TemplateError) {
        // The engine is given a C string, which a NUL would end.
        guard !source.utf8.contains(0) else {
            throw TemplateError("the chat template contains a NUL character")
        }
        var message: UnsafeMutablePointer<CChar>?
        guard let pointer = jinja_template_read(source, &message) else {
            throw TemplateError("the chat template cannot be read: \(TemplateError.text(message))")
        }
        self.source = source
        supportsTools = jinja_supports_tools(pointer)
        program = Mutex(Program(pointer))
    }

    /// A stretch of what a template made.
    public struct Part: Sendable, Equatable {
        /// The text.
        public var text: String
        /// Whether it came from the variables, so that it must not spell control tokens.
        public var isInput: Bool
    }

    /// What the template makes of variables: an object of them by name.
    ///
    /// - Throws: ``TemplateError`` where it refuses, such as an order of roles, or fails.
    public func rendered(_ variables: JSONValue) throws(TemplateError) -> [Part] {
        let json = variables.text
        var message: UnsafeMutablePointer<CChar>?
        let parts = program.withLock { program -> [Part]? in
            guard let text = jinja_render(program.pointer, json, &message) else { return nil }
            defer { jinja_text_free(text) }
            return (0..<jinja_part_count(text)).map { index in
                var count = 0
                let start = jinja_part_bytes(text, index, &count)
                let bytes = UnsafeBufferPointer(start: start, count: count)
                return Part(
                    text: String(decoding: bytes.map { UInt8(bitPattern: $0) }, as: UTF8.self),
                    isInput: jinja_part_is_input(text, index))
            }
        }
        guard let parts else {
            throw TemplateError("the chat template failed: \(TemplateError.text(message))")
        }
        return parts
    }

    /// The native template, freed with its owner.
    private struct Program: ~Copyable, @unchecked Sendable {
        let pointer: OpaquePointer

        init(_ pointer: OpaquePointer) { self.pointer = pointer }

        deinit { jinja_template_free(pointer) }
    }
}

/// Why there is no text from a chat template.
public struct TemplateError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What happened.
    public var description: String

    init(_ description: String) {
        self.description = description
    }

    /// The engine's message, which it wants freed.
    fileprivate static func text(_ message: UnsafeMutablePointer<CChar>?) -> String {
        guard let message else { return "no reason was given" }
        defer { jinja_free(message) }
        return String(cString: message)
    }
}
