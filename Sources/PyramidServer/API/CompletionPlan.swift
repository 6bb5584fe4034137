import Grammar
import PyramidDecoding
import PyramidEngine

/// What a request for completions comes to: prompts as tokens, and how each is decoded.
struct CompletionPlan: Sendable {
    let parameters: CompletionParameters
    let topLogs: Int?
    let tools: ToolChoice?
    /// One for each choice of the answer, in order: all of the first prompt come first.
    let requests: [ServingRequest]
    /// Tokens of all prompts.
    let promptTokens: Int

    /// - Throws: ``APIError`` for what this model cannot do.
    init(chat request: ChatRequest, _ fields: RequestFields, _ model: ServedModel) throws(APIError)
    {
        let text = model.text
        var grammar = try ResponseFormat.grammar(fields)
        if let tools = request.tools, tools.use != .none {
            guard text.chatTemplate?.contains(ToolCallReader.opening) ?? false else {
                throw APIError(
                    .notSupported,
                    "the chat template of '\(model.name)' has no tools in a form that is known; "
                        + "leave out 'tools', or serve a model such as qwen2.5-coder",
                    parameter: "tools")
            }
            if case .required(let name) = tools.use {
                guard grammar == nil else {
                    throw APIError(
                        .invalidRequest,
                        "an answer cannot both call a tool and keep to 'response_format' or "
                            + "'grammar'", parameter: "tool_choice")
                }
                do { grammar = try tools.grammar(name) } catch {
                    throw APIError(.invalidRequest, "'tools': \(error)", parameter: "tools")
                }
            }
        }
        let prompt = try Conversation.tokens(request.variables, text)
        try self.init(
            [prompt], request.parameters, topLogs: request.topLogs, grammar: grammar,
            tools: request.tools, model)
    }

    /// - Throws: ``APIError`` for what this model cannot do.
    init(text request: TextRequest, _ fields: RequestFields, _ model: ServedModel) throws(APIError)
    {
        var prompts: [[TokenID]] = []
        for prompt in request.prompts { prompts.append(try Self.tokens(of: prompt, model.text)) }
        try self.init(
            prompts, request.parameters, topLogs: request.topLogs,
            grammar: try ResponseFormat.grammar(fields), tools: nil, model)
    }

    private init(
        _ prompts: [[TokenID]], _ parameters: CompletionParameters, topLogs: Int?,
        grammar: String?, tools: ToolChoice?, _ model: ServedModel
    ) throws(APIError) {
        self.parameters = parameters
        self.topLogs = topLogs
        self.tools = tools
        promptTokens = prompts.reduce(0) { $0 + $1.count }
        try Self.check(parameters, model)
        if let grammar { try Self.check(grammar, model.text) }
        let options = try DecodingOptions(parameters, topLogs: topLogs, model)
        var requests: [ServingRequest] = []
        for prompt in prompts {
            try Self.check(prompt, model)
            for choice in 0..<parameters.choices {
                var options = options
                // Each choice is the answer that a request with this seed would get alone.
                options.sampling.seed &+= UInt64(choice)
                options.maximumTokens = min(
                    options.maximumTokens, model.contextSize - prompt.count)
                var generation = GenerationRequest(
                    prompt: prompt, options: options, stopStrings: parameters.stop,
                    stopsAtEnd: !parameters.ignoresEnd)
                if let grammar {
                    let text = model.text
                    generation.makeConstraint = { try text.constraint(grammar: grammar) }
                }
                requests.append(
                    ServingRequest(generation, deadline: model.defaults.deadline))
            }
        }
        self.requests = requests
    }

    private static func tokens(
        of prompt: TextRequest.Prompt, _ text: any ModelText
    ) throws(APIError) -> [TokenID] {
        switch prompt {
        case .tokens(let tokens):
            guard let wrong = tokens.first(where: { !(0..<text.vocabularySize).contains(Int($0)) })
            else { return tokens }
            throw APIError(
                .invalidRequest,
                "'prompt' has token \(wrong); the model's are 0 to \(text.vocabularySize - 1)",
                parameter: "prompt")
        case .text(let string):
            do {
                return try text.tokens(of: string, addSpecial: true, parseSpecial: true)
            } catch {
                throw APIError(.invalidRequest, "'prompt': \(error)", parameter: "prompt")
            }
        }
    }

    private static func check(_ prompt: [TokenID], _ model: ServedModel) throws(APIError) {
        guard !prompt.isEmpty else {
            throw APIError(
                .invalidRequest, "the prompt is empty; it must have at least one token",
                parameter: "prompt")
        }
        guard prompt.count < model.contextSize else {
            throw APIError(
                .promptTooLong(tokens: prompt.count, contextSize: model.contextSize))
        }
    }

    private static func check(
        _ parameters: CompletionParameters, _ model: ServedModel
    ) throws(APIError) {
        if let asked = parameters.model, asked != model.name {
            throw APIError(
                .notFound, "the model '\(asked)' is not served here; '\(model.name)' is",
                parameter: "model")
        }
        let size = model.text.vocabularySize
        for token in parameters.sampling.logitBias.keys.sorted() where Int(token) >= size {
            throw APIError(
                .invalidRequest,
                "'logit_bias' names token \(token); the model's tokens end at \(size - 1)",
                parameter: "logit_bias")
        }
    }

    private static func check(_ grammar: String, _ text: any ModelText) throws(APIError) {
        do { _ = try text.constraint(grammar: grammar) } catch {
            throw APIError(.invalidRequest, "\(error)", parameter: "grammar")
        }
    }
}
