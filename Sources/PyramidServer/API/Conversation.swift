import Grammar
import PyramidDecoding

/// A chat as the tokens that a model reads.
///
/// What a request brings must stay text: a message that spells a control token, such as the one
/// that ends a turn, would else speak as somebody else. So before the template sees them such
/// spellings become words that nobody else uses, and afterwards they are read as text. Templates can
/// do with them what they like, such as writing a tool's result as JSON.
struct Conversation {
    private let text: any ModelText
    private var spellings: [String] = []
    private let mark: String

    /// - Throws: ``APIError`` where the template refuses, such as an order of roles.
    static func tokens(
        _ variables: JSONValue, _ text: any ModelText
    ) throws(APIError) -> [TokenID] {
        do {
            var conversation = Conversation(text)
            let safe = try conversation.marked(variables)
            return try conversation.tokens(of: text.conversation(safe))
        } catch {
            throw APIError(.invalidRequest, "\(error)", parameter: "messages")
        }
    }

    private init(_ text: any ModelText) {
        self.text = text
        // Letters and digits alone come through every filter of a template.
        mark = "x" + String(UInt64.random(in: .min ... .max), radix: 36) + "x"
    }

    // MARK: - Before the template

    private mutating func marked(_ value: JSONValue) throws -> JSONValue {
        switch value {
        case .string(let text): return .string(try marked(text))
        case .array(let values): return .array(try values.map { try marked($0) })
        case .object(let members):
            return .object(
                try members.map { .init(try marked($0.name), try marked($0.value)) })
        case .null, .boolean, .number: return value
        }
    }

    private mutating func marked(_ string: String) throws -> String {
        var marked = string
        // One may come to light when another is gone.
        while true {
            let tokens = try text.tokens(of: marked, addSpecial: false, parseSpecial: true)
            let plain = try text.tokens(of: marked, addSpecial: false, parseSpecial: false)
            guard tokens != plain,
                let control = tokens.first(where: { isControl($0) && marked.contains(spelling($0)) }
                )
            else { return marked }
            spellings.append(spelling(control))
            marked = marked.replacing(
                spelling(control), with: "\(mark)\(spellings.count - 1)x")
        }
    }

    private func isControl(_ token: TokenID) -> Bool {
        text.bytes(of: token).isEmpty && !spelling(token).isEmpty
    }

    private func spelling(_ token: TokenID) -> String { text.spelling(of: token) }

    // MARK: - After it

    private func tokens(of rendered: String) throws -> [TokenID] {
        var parts = rendered.split(separator: mark, omittingEmptySubsequences: false)[...]
        var tokens = try text.tokens(
            of: String(parts.removeFirst()), addSpecial: true, parseSpecial: true)
        for part in parts {
            let digits = part.prefix { $0 != "x" }
            guard let index = Int(digits), spellings.indices.contains(index) else { continue }
            tokens += try text.tokens(
                of: spellings[index], addSpecial: false, parseSpecial: false)
            tokens += try text.tokens(
                of: String(part.dropFirst(digits.count + 1)), addSpecial: false,
                parseSpecial: true)
        }
        return tokens
    }
}
