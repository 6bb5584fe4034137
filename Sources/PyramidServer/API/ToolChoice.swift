package import Grammar

/// The tools of a request, and whether the model may or must call one.
package struct ToolChoice: Sendable {
    package enum Use: Sendable, Equatable {
        case none
        case auto
        /// Some tool must be called; the named one, where there is a name.
        case required(String?)
    }

    /// The request's `tools`, as chat templates get them.
    var list: [JSONValue]
    package var use: Use
    /// Whether an answer may hold more than one call.
    var isParallel: Bool

    /// `nil` where the request has no tools.
    package init?(_ fields: RequestFields) throws(APIError) {
        guard let list = try fields.array("tools"), !list.isEmpty else {
            if let choice = fields["tool_choice"], choice != .string("none"),
                choice != .string("auto")
            {
                throw APIError(
                    .invalidRequest, "'tool_choice' needs 'tools'", parameter: "tool_choice")
            }
            return nil
        }
        self.list = list
        for (index, tool) in list.enumerated() {
            guard tool["type"] == .string("function"), Self.name(of: tool) != nil else {
                throw fields.wrong(
                    "tools[\(index)]", "{\"type\": \"function\", \"function\": {\"name\": ...}}",
                    tool)
            }
        }
        isParallel = try fields.boolean("parallel_tool_calls") ?? true
        switch fields["tool_choice"] {
        case nil, .string("auto")?: use = .auto
        case .string("none")?: use = .none
        case .string("required")?: use = .required(nil)
        case .some(let value):
            guard case .string(let name)? = value["function"]?["name"],
                list.contains(where: { Self.name(of: $0) == name })
            else {
                throw fields.wrong(
                    "tool_choice", "auto, none, required, or a function of 'tools'", value)
            }
            use = .required(name)
        }
    }

    private static func name(of tool: JSONValue) -> String? {
        if case .string(let name)? = tool["function"]?["name"] { name } else { nil }
    }

    /// A schema whose references within itself lead there once it stands at a place of another.
    private static func moved(_ schema: JSONValue, to place: String) -> JSONValue {
        switch schema {
        case .object(let members):
            return .object(
                members.map { member in
                    if member.name == "$ref", case .string(let pointer) = member.value,
                        pointer.hasPrefix("#")
                    {
                        return .init("$ref", .string("#" + place + pointer.dropFirst()))
                    }
                    return .init(member.name, moved(member.value, to: place))
                })
        case .array(let values): return .array(values.map { moved($0, to: place) })
        default: return schema
        }
    }

    /// The grammar of an answer that calls one of the tools that must be called.
    ///
    /// - Throws: When a tool's parameters are a schema that a grammar cannot say.
    package func grammar(_ required: String?) throws(GrammarError) -> String {
        let called = list.filter { required == nil || Self.name(of: $0) == required }
        let schemas: [JSONValue] = called.enumerated().map { index, tool in
            // Where the parameters will stand, which references within them must lead to.
            let place = (called.count == 1 ? "" : "/anyOf/\(index)") + "/properties/arguments"
            let name = Self.name(of: tool) ?? ""
            let call: [JSONValue.Member] = [
                .init("name", .object([.init("const", .string(name))])),
                .init(
                    "arguments",
                    tool["function"]?["parameters"].map { Self.moved($0, to: place) }
                        ?? .object([.init("type", .string("object"))])),
            ]
            return .object([
                .init("type", .string("object")), .init("properties", .object(call)),
                .init("required", .array([.string("name"), .string("arguments")])),
            ])
        }
        let schema = schemas.count == 1 ? schemas[0] : .object([.init("anyOf", .array(schemas))])
        return try SchemaGrammar.text(
            for: schema, before: ToolCallReader.opening + "\n", after: "\n" + ToolCallReader.closing
        )
    }
}
