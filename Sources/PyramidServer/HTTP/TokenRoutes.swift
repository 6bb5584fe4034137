import Grammar
import Hummingbird
import PyramidDecoding

/// Texts to tokens and back, and what the chat template makes of messages.
struct TokenRoutes {
    let state: ServerState

    func add(to router: Router<BasicRequestContext>) {
        router.post("/tokenize") { request, _ in
            try await answer(request) { fields, model throws(APIError) in
                try tokenize(fields, model.text)
            }
        }
        router.post("/detokenize") { request, _ in
            try await answer(request) { fields, model throws(APIError) in
                try detokenize(fields, model.text)
            }
        }
        router.post("/apply-template") { request, _ in
            try await answer(request) { fields, model throws(APIError) in
                try applyTemplate(fields, model.text)
            }
        }
    }

    private func answer(
        _ request: Request,
        _ body: (RequestFields, ServedModel) throws(APIError) -> JSONValue
    ) async throws -> Response {
        var request = request
        let fields = try await JSONBody.fields(
            &request, atMost: state.options.maximumBodyBytes)
        return Response(try body(fields, state.model()))
    }

    private func tokenize(
        _ fields: RequestFields, _ text: any ModelText
    ) throws(APIError) -> JSONValue {
        guard let content = try fields.string("content") else {
            throw fields.wrong("content", "a string", .null)
        }
        let addSpecial = try fields.boolean("add_special") ?? false
        let parseSpecial = try fields.boolean("parse_special") ?? true
        let withPieces = try fields.boolean("with_pieces") ?? false
        let tokens: [TokenID]
        do {
            tokens = try text.tokens(
                of: content, addSpecial: addSpecial, parseSpecial: parseSpecial)
        } catch {
            throw APIError(.invalidRequest, "\(error)", parameter: "content")
        }
        let list = tokens.map { token -> JSONValue in
            guard withPieces else { return .integer(Int(token)) }
            return .object([
                "id": .integer(Int(token)), "piece": .string(text.spelling(of: token)),
            ])
        }
        return .object(["tokens": .array(list)])
    }

    private func detokenize(
        _ fields: RequestFields, _ text: any ModelText
    ) throws(APIError) -> JSONValue {
        guard let values = try fields.array("tokens") else {
            throw fields.wrong("tokens", "an array of tokens", .null)
        }
        var bytes: [UInt8] = []
        for value in values {
            guard case .number(let digits) = value, let token = TokenID(digits),
                (0..<text.vocabularySize).contains(Int(token))
            else {
                throw fields.wrong(
                    "tokens", "an array of whole numbers from 0 to \(text.vocabularySize - 1)",
                    value)
            }
            let spelled = text.bytes(of: token)
            bytes += spelled.isEmpty ? Array(text.spelling(of: token).utf8) : spelled
        }
        return .object(["content": .string(String(decoding: bytes, as: UTF8.self))])
    }

    private func applyTemplate(
        _ fields: RequestFields, _ text: any ModelText
    ) throws(APIError) -> JSONValue {
        let variables = try ChatRequest.variables(fields, ToolChoice(fields))
        do {
            return .object(["prompt": .string(try text.conversation(variables))])
        } catch {
            throw APIError(.invalidRequest, "\(error)", parameter: "messages")
        }
    }
}
