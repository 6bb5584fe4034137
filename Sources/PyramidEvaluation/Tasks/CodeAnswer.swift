/// The Python source that a model's answer to a HumanEval prompt stands for.
public enum CodeAnswer {
    /// A text that continued the prompt as it stands, cut where the function is over: at the first
    /// line after it that begins in the first column.
    ///
    /// - Parameters:
    ///   - continuation: What the model wrote.
    ///   - prompt: What it continued: imports, and a function's head.
    /// - Returns: The whole source.
    public static func source(continuation: String, of prompt: String) -> String {
        var kept: [Substring] = []
        var strings = OpenString()
        for (index, line) in lines(continuation).enumerated() {
            // The first line may go on with one of the prompt's, and a string may hold anything.
            let isInside = index == 0 && !prompt.hasSuffix("\n") || strings.isOpen
            if !isInside, endsFunction(line) { break }
            strings.read(line)
            kept.append(line)
        }
        return prompt + kept.joined(separator: "\n") + "\n"
    }

    /// An assistant's answer: the code in its first fence that defines the function, else in its
    /// first fence, else the whole answer. What is only a body continues the prompt.
    ///
    /// - Parameters:
    ///   - message: What the assistant wrote.
    ///   - prompt: The prompt's source, whose imports and other functions are kept.
    ///   - entryPoint: The name of the function asked for.
    /// - Returns: The whole source.
    public static func source(
        message: String, to prompt: String, entryPoint: String
    ) -> String {
        let blocks = fencedBlocks(of: message)
        let code = blocks.first { defines(entryPoint, $0) } ?? blocks.first ?? message
        guard defines(entryPoint, code) else { return source(continuation: code, of: prompt) }
        // The answer may rely on the prompt's imports, and redefines its function.
        return preamble(of: prompt, entryPoint) + code + "\n"
    }

    /// The blocks between lines of three backticks; one that is not closed goes to the end.
    static func fencedBlocks(of message: String) -> [String] {
        var blocks: [String] = []
        var block: [Substring]?
        for line in lines(message) {
            if line.drop(while: { $0 == " " }).hasPrefix("```") {
                if let finished = block {
                    blocks.append(finished.joined(separator: "\n"))
                    block = nil
                } else {
                    block = []
                }
            } else {
                block?.append(line)
            }
        }
        if let block { blocks.append(block.joined(separator: "\n")) }
        return blocks
    }

    private static func lines(_ text: String) -> [Substring] {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    }

    /// Comments and closing brackets may stand in the first column of a function's body.
    private static func endsFunction(_ line: Substring) -> Bool {
        guard let first = line.first else { return false }
        return !first.isWhitespace && !"#)]}".contains(first)
    }

    private static func defines(_ name: String, _ code: String) -> Bool {
        lines(code).contains { line in
            line.hasPrefix("def \(name)(") || line.hasPrefix("def \(name) (")
        }
    }

    /// What stands in the prompt before the function asked for.
    private static func preamble(of prompt: String, _ entryPoint: String) -> String {
        lines(prompt).prefix { !$0.hasPrefix("def \(entryPoint)") }.joined(separator: "\n") + "\n"
    }
}

/// Whether a line of Python begins inside a string of three quotes.
private struct OpenString {
    private var quote: Substring?
    var isOpen: Bool { quote != nil }

    mutating func read(_ line: Substring) {
        var rest = line
        while !rest.isEmpty {
            if let quote {
                guard let end = rest.firstRange(of: quote) else { return }
                rest = rest[end.upperBound...]
                self.quote = nil
            } else if rest.hasPrefix("\"\"\"") || rest.hasPrefix("'''") {
                quote = rest.prefix(3)
                rest = rest.dropFirst(3)
            } else if rest.hasPrefix("#") {
                return
            } else {
                rest = rest.dropFirst()
            }
        }
    }
}
