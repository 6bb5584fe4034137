import Grammar

/// What form an answer must have.
enum ResponseFormat {
    /// The grammar that a request asks for, in GBNF; `nil` for free text.
    ///
    /// - Throws: ``APIError`` for a form that is not known, or a schema that a grammar cannot say.
    static func grammar(_ fields: RequestFields) throws(APIError) -> String? {
        let format = try fields.object("response_format")
        let type = try format?.string("type") ?? "text"
        let own = try fields.string("grammar")
        let schema = fields["json_schema"]
        let asked = [own != nil, schema != nil, type != "text"].filter { $0 }.count
        guard asked <= 1 else {
            throw APIError(
                .invalidRequest, "give 'response_format', 'json_schema' or 'grammar', not two",
                parameter: "grammar")
        }
        if let own { return own }
        if let schema { return try grammar(for: schema, "json_schema") }
        switch type {
        case "text": return nil
        case "json_object":
            // llama-server's form: a schema beside the type.
            guard let schema = format?["schema"] else { return SchemaGrammar.anyObject }
            return try grammar(for: schema, "response_format.schema")
        case "json_schema":
            guard let named = try format?.object("json_schema"), let schema = named["schema"]
            else {
                throw APIError(
                    .invalidRequest, "'response_format.json_schema.schema' is missing",
                    parameter: "response_format.json_schema.schema")
            }
            return try grammar(for: schema, "response_format.json_schema.schema")
        default:
            throw APIError(
                .invalidRequest,
                "'response_format.type' is \"\(type)\"; it must be text, json_object or json_schema",
                parameter: "response_format.type")
        }
    }

    private static func grammar(
        for schema: JSONValue, _ parameter: String
    ) throws(APIError) -> String {
        do { return try SchemaGrammar.text(for: schema) } catch {
            throw APIError(.invalidRequest, "'\(parameter)': \(error)", parameter: parameter)
        }
    }
}
