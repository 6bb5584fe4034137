import Grammar
import PyramidDecoding

/// The target's logarithms of probabilities in the shapes of the API.
struct TokenLogProbabilities {
    let text: any ModelText

    /// OpenAI's number for log 0, which JSON cannot say.
    private static let impossible = -9999.0

    /// An element of `logprobs.content` of a chat; `nil` where none were asked for.
    func chat(_ token: EmittedToken) -> JSONValue? {
        guard let logs = token.logs, case .object(let own) = entry(token.token, logs.own) else {
            return nil
        }
        return .object(
            own + [.init("top_logprobs", .array(logs.top.map { entry($0.token, $0.log) }))])
    }

    private func entry(_ token: TokenID, _ log: Float) -> JSONValue {
        let bytes = text.bytes(of: token).map { JSONValue.integer(Int($0)) }
        return .object([
            "token": .string(text.spelling(of: token)), "logprob": number(log),
            "bytes": .array(bytes), "id": .integer(Int(token)),
        ])
    }

    /// The object `logprobs` of a completion's choice, or of a chunk of it.
    ///
    /// - Parameter offset: Characters of the text before the first token.
    func text(_ tokens: [EmittedToken], from offset: Int) -> JSONValue? {
        guard tokens.first?.logs != nil else { return nil }
        var offset = offset
        var members: (tokens: [JSONValue], logs: [JSONValue], top: [JSONValue], at: [JSONValue])
        members = ([], [], [], [])
        for token in tokens {
            guard let logs = token.logs else { continue }
            let spelling = text.spelling(of: token.token)
            members.tokens.append(.string(spelling))
            members.logs.append(number(logs.own))
            members.top.append(
                .object(
                    logs.top.map {
                        JSONValue.Member(text.spelling(of: $0.token), number($0.log))
                    }))
            members.at.append(.integer(offset))
            offset += spelling.unicodeScalars.count
        }
        return .object([
            "tokens": .array(members.tokens), "token_logprobs": .array(members.logs),
            "top_logprobs": .array(members.top), "text_offset": .array(members.at),
        ])
    }

    private func number(_ log: Float) -> JSONValue {
        .decimal(log.isFinite ? Double(log) : Self.impossible, digits: 6)
    }
}
