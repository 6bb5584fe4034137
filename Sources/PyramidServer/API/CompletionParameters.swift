import Grammar
import PyramidDecoding

/// What chat and text completions have in common: how to decode, how much, and what to tell.
struct CompletionParameters: Sendable {
    var model: String?
    var sampling: Sampling
    /// Whether the client chose the seed.
    var hasSeed: Bool
    var maximumTokens: Int?
    var stop: [String]
    var choices: Int
    var isStreamed: Bool
    var includesUsage: Bool
    /// Whether the stream says which level wrote each piece.
    var includesAuthors: Bool
    /// Whether the text goes on after the model has ended it, to be measured.
    var ignoresEnd: Bool
    var speculation: SpeculationParameters

    init(_ fields: RequestFields, defaults: Sampling) throws(APIError) {
        try Self.refuseUnsupported(fields)
        model = try fields.string("model")
        sampling = try Self.sampling(fields, defaults)
        // llama.cpp's word for no seed.
        hasSeed = fields["seed"].map { $0 != .number("-1") } ?? false
        // -1 is llama.cpp's word for as many as there is room for.
        let most = try fields.integer(
            firstOf: ["max_completion_tokens", "max_tokens", "n_predict"], in: -1 ... .max)
        guard most != 0 else {
            throw APIError(
                .invalidRequest, "the most tokens of an answer must be 1 or more, or -1",
                parameter: "max_tokens")
        }
        maximumTokens = most == -1 ? nil : most
        stop = try fields.strings("stop", atMost: 16)
        guard !stop.contains("") else {
            throw APIError(
                .invalidRequest, "'stop' has an empty string, which would end every text at once",
                parameter: "stop")
        }
        choices = try fields.integer("n", in: 1...16) ?? 1
        isStreamed = try fields.boolean("stream") ?? false
        let options = try fields.object("stream_options")
        includesUsage = try options?.boolean("include_usage") ?? false
        includesAuthors = try fields.boolean("authors") ?? false
        ignoresEnd = try fields.boolean("ignore_eos") ?? false
        speculation = try SpeculationParameters(fields.object("speculative"))
    }

    private static func sampling(
        _ fields: RequestFields, _ defaults: Sampling
    ) throws(APIError) -> Sampling {
        var sampling = defaults
        if let value = try fields.number("temperature", in: 0...100) {
            sampling.temperature = Float(value)
        }
        if let value = try fields.integer("top_k", in: 0 ... .max) { sampling.topK = value }
        if let value = try fields.number("top_p", in: 0...1) {
            guard value > 0 else {
                throw fields.wrong("top_p", "more than 0, at most 1", .number("0"))
            }
            sampling.topP = Float(value)
        }
        if let value = try fields.number("min_p", in: 0...1) { sampling.minP = Float(value) }
        if let value = try fields.number("presence_penalty", in: -100...100) {
            sampling.presencePenalty = Float(value)
        }
        if let value = try fields.number("frequency_penalty", in: -100...100) {
            sampling.frequencyPenalty = Float(value)
        }
        if let value = try fields.number("repeat_penalty", in: 0.01...100) {
            sampling.repeatPenalty = Float(value)
        }
        if let value = try fields.integer("repeat_last_n", in: -1 ... .max) {
            sampling.repeatLastN = value < 0 ? nil : value
        }
        if let value = try fields.integer("seed", in: .min ... .max) {
            sampling.seed = UInt64(bitPattern: Int64(value))
        }
        if let value = fields["logit_bias"] { sampling.logitBias = try bias(value, fields) }
        return sampling
    }

    /// `{"token id": bias}` as OpenAI has it, or `[[id, bias], ...]` as llama-server.
    private static func bias(
        _ value: JSONValue, _ fields: RequestFields
    ) throws(APIError) -> [TokenID: Float] {
        let expected = "an object of token ids and numbers, or false to forbid a token"
        var pairs: [(JSONValue, JSONValue)] = []
        switch value {
        case .object(let members): pairs = members.map { (.number($0.name), $0.value) }
        case .array(let values):
            for case .array(let pair) in values where pair.count == 2 {
                pairs.append((pair[0], pair[1]))
            }
            guard pairs.count == values.count else {
                throw fields.wrong("logit_bias", expected, value)
            }
        default: throw fields.wrong("logit_bias", expected, value)
        }
        var biases: [TokenID: Float] = [:]
        for pair in pairs {
            guard case .number(let id) = pair.0, let token = TokenID(id), token >= 0 else {
                throw fields.wrong("logit_bias", expected, value)
            }
            switch pair.1 {
            case .boolean(false): biases[token] = -.infinity
            case .number(let digits):
                guard let number = Float(digits), number.isFinite else {
                    throw fields.wrong("logit_bias", expected, value)
                }
                biases[token] = number
            default: throw fields.wrong("logit_bias", expected, value)
            }
        }
        return biases
    }

    /// Parameters that would change the answer if they were not left out in silence, and the value
    /// of each that changes nothing, beside null, false, 0 and an empty array.
    private static let unsupported: KeyValuePairs<String, JSONValue> = [
        "audio": .null, "modalities": .array([.string("text")]), "functions": .null,
        "function_call": .string("none"), "web_search_options": .null, "prediction": .null,
        "suffix": .string(""), "best_of": .number("1"), "echo": .null, "mirostat": .null,
        "dynatemp_range": .null, "typical_p": .number("1"), "xtc_probability": .null,
        "dry_multiplier": .null, "samplers": .null, "top_n_sigma": .number("-1"), "lora": .null,
        "image_data": .null,
    ]

    private static func refuseUnsupported(_ fields: RequestFields) throws(APIError) {
        for (name, neutral) in unsupported {
            guard let value = fields[name], !isSame(value, neutral) else { continue }
            switch value {
            case .boolean(false), .array([]): continue
            case .number(let digits) where Double(digits) == 0: continue
            default:
                throw APIError(
                    .notSupported, "the parameter '\(name)' is not supported; leave it out",
                    parameter: name)
            }
        }
    }

    private static func isSame(_ value: JSONValue, _ other: JSONValue) -> Bool {
        guard case .number(let digits) = value, case .number(let others) = other else {
            return value == other
        }
        return Double(digits) == Double(others)
    }
}
