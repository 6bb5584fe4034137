import Grammar

/// The body of `/v1/chat/completions`.
struct ChatRequest: Sendable {
    var parameters: CompletionParameters
    /// What the chat template gets.
    var variables: JSONValue
    var tools: ToolChoice?
    /// How many most probable tokens' logarithms come with each token; `nil` for none.
    var topLogs: Int?

    init(_ fields: RequestFields, defaults: ServingDefaults) throws(APIError) {
        parameters = try CompletionParameters(fields, defaults: defaults.sampling)
        tools = try ToolChoice(fields)
        variables = try Self.variables(fields, tools)
        if try fields.boolean("logprobs") ?? false {
            topLogs = try fields.integer("top_logprobs", in: 0...20) ?? 0
        } else if fields["top_logprobs"] != nil {
            throw APIError(
                .invalidRequest, "'top_logprobs' needs 'logprobs': true", parameter: "top_logprobs")
        }
    }

    /// The variables of a chat template, in the names that transformers gives them.
    static func variables(
        _ fields: RequestFields, _ tools: ToolChoice?
    ) throws(APIError) -> JSONValue {
        var variables: [JSONValue.Member] = [
            .init("messages", .array(try messages(fields))),
            .init("add_generation_prompt", .boolean(true)),
        ]
        if let tools, tools.use != .none { variables.append(.init("tools", .array(tools.list))) }
        if let more = fields["chat_template_kwargs"] {
            guard case .object(let members) = more else {
                throw fields.wrong("chat_template_kwargs", "an object", more)
            }
            variables += members.filter { $0.name != "messages" }
        }
        return .object(variables)
    }

    private static func messages(_ fields: RequestFields) throws(APIError) -> [JSONValue] {
        guard let values = try fields.array("messages"), !values.isEmpty else {
            throw APIError(
                .invalidRequest, "'messages' must be an array of at least one message",
                parameter: "messages")
        }
        var messages: [JSONValue] = []
        for (index, value) in values.enumerated() {
            messages.append(try message(RequestFields(value, path: "messages[\(index)]")))
        }
        return messages
    }

    private static func message(_ fields: RequestFields) throws(APIError) -> JSONValue {
        guard let role = try fields.string("role") else {
            throw fields.wrong("role", "system, user, assistant or tool", .null)
        }
        guard ["system", "developer", "user", "assistant", "tool"].contains(role) else {
            throw fields.wrong("role", "system, user, assistant or tool", .string(role))
        }
        // OpenAI's newer name for the same.
        var members: [JSONValue.Member] = [
            .init("role", .string(role == "developer" ? "system" : role))
        ]
        let calls = try fields.array("tool_calls")
        let content = try content(fields)
        guard content != nil || calls != nil else {
            throw fields.wrong("content", "a string or an array of text parts", .null)
        }
        members.append(.init("content", .string(content ?? "")))
        for name in ["name", "tool_call_id"] {
            if let text = try fields.string(name) { members.append(.init(name, .string(text))) }
        }
        if let calls {
            var read: [JSONValue] = []
            for call in calls { read.append(try self.call(call, fields)) }
            members.append(.init("tool_calls", .array(read)))
        }
        return .object(members)
    }

    private static func content(_ fields: RequestFields) throws(APIError) -> String? {
        switch fields["content"] {
        case nil: return nil
        case .string(let text)?: return text
        case .array(let parts)?:
            var text = ""
            for part in parts {
                guard part["type"] == .string("text"), case .string(let piece)? = part["text"]
                else {
                    throw APIError(
                        .notSupported,
                        "the content part \(part["type"]?.text ?? part.text.prefix(40).description)"
                            + " is not supported: the model reads text only",
                        parameter: fields.name("content"))
                }
                text += piece
            }
            return text
        case .some(let other):
            throw fields.wrong("content", "a string or an array of text parts", other)
        }
    }

    /// A call that the model made earlier; its arguments are an object for the templates, which
    /// would quote a string a second time.
    private static func call(
        _ value: JSONValue, _ fields: RequestFields
    ) throws(APIError) -> JSONValue {
        guard let function = value["function"], case .string(let name)? = function["name"] else {
            throw fields.wrong(
                "tool_calls", "an array of {type, function: {name, arguments}}", value)
        }
        var arguments = function["arguments"] ?? .object([])
        if case .string(let text) = arguments, let read = try? JSONValue(parsing: text) {
            arguments = read
        }
        return .object([
            .init("id", value["id"] ?? .string("")), .init("type", .string("function")),
            .init(
                "function",
                .object([.init("name", .string(name)), .init("arguments", arguments)])),
        ])
    }
}
