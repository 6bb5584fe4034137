import Grammar
import PyramidDecoding
import PyramidEngine
import PyramidServer

/// A text side in which every token is a letter; the last one, `<end>`, is a control token.
final class ToyText: ModelText, Tokenizer {
    static let size = 12
    static let end = TokenID(size - 1)

    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    let vocabularySize = size
    let chatTemplate: String? = "letters, and <tool_call>"
    let endTokens: Set<TokenID> = [end]

    func tokens(of text: String, addSpecial: Bool, parseSpecial: Bool) throws -> [TokenID] {
        var tokens: [TokenID] = []
        var rest = text[...]
        while let first = rest.first {
            if parseSpecial, rest.hasPrefix("<end>") {
                tokens.append(Self.end)
                rest.removeFirst(5)
                continue
            }
            let code = Int(first.unicodeScalars.first?.value ?? 0)
            // Any other character is one of the letters too.
            tokens.append(TokenID(("a"..."k").contains(first) ? code - 97 : code % (Self.size - 1)))
            rest.removeFirst()
        }
        return tokens
    }

    func bytes(of token: TokenID) -> [UInt8] {
        token == Self.end ? [] : Array(spelling(of: token).utf8)
    }

    func spelling(of token: TokenID) -> String {
        token == Self.end ? "<end>" : String(UnicodeScalar(UInt8(97 + token)))
    }

    func conversation(_ variables: JSONValue) throws -> String {
        guard case .array(let messages)? = variables["messages"] else { return "" }
        var text = ""
        for message in messages {
            guard case .string(let role)? = message["role"],
                case .string(let content)? = message["content"]
            else { continue }
            if role == "tool" { throw Failure(description: "no tools here") }
            // As some templates do: what a message holds goes through JSON.
            text +=
                role + "<end>" + (role == "assistant" ? JSONValue.string(content).text : content)
        }
        return text
    }

    /// A grammar of these tests is the letters that are allowed.
    func constraint(grammar: String) throws -> any TokenConstraint {
        guard grammar.hasPrefix("letters ") else {
            throw Failure(description: "the grammar cannot be read")
        }
        return try Letters(
            tokens(of: String(grammar.dropFirst(8)), addSpecial: false, parseSpecial: true))
    }

    private final class Letters: TokenConstraint {
        private let allowed: Set<TokenID>

        init(_ allowed: [TokenID]) { self.allowed = Set(allowed) }

        func allows(_ token: TokenID, after generated: ArraySlice<TokenID>) -> Bool {
            allowed.contains(token)
        }

        func restrict(
            _ logits: UnsafeMutableBufferPointer<Float>, after generated: ArraySlice<TokenID>
        ) {
            for token in logits.indices where !allowed.contains(TokenID(token)) {
                logits[token] = -.infinity
            }
        }
    }
}
