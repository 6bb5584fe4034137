import Grammar
import PyramidDecoding

/// The body of `/v1/completions`.
struct TextRequest: Sendable {
    /// A prompt: a text, or its tokens.
    enum Prompt: Sendable, Equatable {
        case text(String)
        case tokens([TokenID])
    }

    var parameters: CompletionParameters
    var prompts: [Prompt]
    /// How many most probable tokens' logarithms come with each token; `nil` for none.
    var topLogs: Int?

    init(_ fields: RequestFields, defaults: ServingDefaults) throws(APIError) {
        parameters = try CompletionParameters(fields, defaults: defaults.sampling)
        prompts = try Self.prompts(fields)
        topLogs = try fields.integer(firstOf: ["logprobs", "n_probs"], in: 0...20)
    }

    /// A string, an array of tokens, or an array of either.
    private static func prompts(_ fields: RequestFields) throws(APIError) -> [Prompt] {
        let expected = "a string, an array of tokens, or an array of at most 16 of these"
        guard let value = fields["prompt"] else { throw fields.wrong("prompt", expected, .null) }
        if let prompt = prompt(value) { return [prompt] }
        guard case .array(let values) = value, (1...16).contains(values.count) else {
            throw fields.wrong("prompt", expected, value)
        }
        let prompts = values.compactMap(prompt)
        guard prompts.count == values.count else { throw fields.wrong("prompt", expected, value) }
        return prompts
    }

    private static func prompt(_ value: JSONValue) -> Prompt? {
        switch value {
        case .string(let text): return .text(text)
        case .array(let values) where !values.isEmpty:
            let tokens = values.compactMap { value in
                if case .number(let digits) = value { TokenID(digits) } else { nil }
            }
            return tokens.count == values.count ? .tokens(tokens) : nil
        default: return nil
        }
    }
}
