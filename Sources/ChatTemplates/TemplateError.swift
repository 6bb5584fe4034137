internal import CJinja

/// Why there is no text from a chat template.
public struct TemplateError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What happened.
    public var description: String

    init(_ description: String) {
        self.description = description
    }

    /// The engine's message, which it wants freed.
    static func text(_ message: UnsafeMutablePointer<CChar>?) -> String {
        guard let message else { return "no reason was given" }
        defer { jinja_free(message) }
        return String(cString: message)
    }
}
