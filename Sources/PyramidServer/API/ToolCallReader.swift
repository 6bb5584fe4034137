import Grammar

/// Finds calls of tools in a model's text, in the form that Qwen, Hermes and others write:
/// `<tool_call>{"name": ..., "arguments": {...}}</tool_call>`.
package struct ToolCallReader: Sendable {
    static let opening = "<tool_call>"
    static let closing = "</tool_call>"

    /// A call of a tool.
    package struct Call: Sendable, Equatable {
        package var name: String
        /// A JSON object, as a text.
        package var arguments: String

        package init(name: String, arguments: String) {
            self.name = name
            self.arguments = arguments
        }
    }

    /// What a stretch of text comes to.
    package enum Part: Sendable, Equatable {
        case text(String)
        case call(Call)
    }

    /// What may still become the opening or closing of a call.
    private var held = ""
    private var isInCall = false

    package init() {}

    /// The parts that `text` completes.
    package mutating func parts(appending text: String) -> [Part] {
        held += text
        var parts: [Part] = []
        while let found = held.firstRange(of: isInCall ? Self.closing : Self.opening) {
            let before = String(held[..<found.lowerBound])
            held = String(held[found.upperBound...])
            parts += isInCall ? [part(ofCall: before)] : Self.text(before)
            isInCall.toggle()
        }
        if !isInCall {
            let kept = Self.longestSuffix(of: held, thatStarts: Self.opening)
            parts += Self.text(String(held.dropLast(kept)))
            held = String(held.suffix(kept))
        }
        return parts
    }

    /// What is left at the end: a call that was not closed counts when it is whole.
    package mutating func finish() -> [Part] {
        defer {
            held = ""
            isInCall = false
        }
        guard isInCall else { return Self.text(held) }
        let part = part(ofCall: held)
        if case .call = part { return [part] }
        return [.text(Self.opening + held)]
    }

    private mutating func part(ofCall text: String) -> Part {
        guard let value = try? JSONValue(parsing: text), case .string(let name)? = value["name"],
            let arguments = value["arguments"] ?? value["parameters"]
        else {
            // Not a call after all: nobody shall lose what the model wrote.
            return .text(Self.opening + text + Self.closing)
        }
        // Some models write the object as a string.
        if case .string(let text) = arguments, (try? JSONValue(parsing: text)) != nil {
            return .call(Call(name: name, arguments: text))
        }
        return .call(Call(name: name, arguments: arguments.text))
    }

    /// White space around calls is theirs.
    private static func text(_ text: String) -> [Part] {
        text.isEmpty ? [] : [.text(text)]
    }

    private static func longestSuffix(of text: String, thatStarts start: String) -> Int {
        (1..<start.count).reversed().first { text.hasSuffix(start.prefix($0)) } ?? 0
    }
}
