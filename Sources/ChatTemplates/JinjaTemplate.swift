internal import CJinja
public import Grammar
import Synchronization

/// A chat template in Jinja, as GGUF files hold it, run by llama.cpp's engine.
public final class JinjaTemplate: Sendable {
    /// The template's text.
    public let source: String

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
        program = Mutex(Program(pointer))
    }

    /// What the template makes of variables: an object of them by name.
    ///
    /// - Throws: ``TemplateError`` where it refuses, such as an order of roles, or fails.
    public func rendered(_ variables: JSONValue) throws(TemplateError) -> String {
        let json = variables.text
        var message: UnsafeMutablePointer<CChar>?
        let text = program.withLock { program -> String? in
            guard let text = jinja_render(program.pointer, json, &message) else { return nil }
            defer { jinja_text_free(text) }
            var count = 0
            let start = jinja_text_bytes(text, &count)
            let bytes = UnsafeRawBufferPointer(start: start, count: count)
            return String(decoding: bytes, as: UTF8.self)
        }
        guard let text else {
            throw TemplateError("the chat template failed: \(TemplateError.text(message))")
        }
        return text
    }

    /// The native template, freed with its owner.
    private struct Program: ~Copyable, @unchecked Sendable {
        let pointer: OpaquePointer

        init(_ pointer: OpaquePointer) { self.pointer = pointer }

        deinit { jinja_template_free(pointer) }
    }
}
