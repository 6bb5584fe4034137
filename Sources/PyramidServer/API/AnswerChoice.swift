import Grammar
import PyramidDecoding
import PyramidEngine

/// One more stretch of a choice.
struct AnswerDelta {
    enum Content {
        case text(String)
        /// A call of a tool, and which one of the answer it is.
        case call(ToolCallReader.Call, Int)
        /// The choice is over, for this reason.
        case end(String)
    }

    var content: Content
    /// The tokens since the last stretch.
    var tokens: [EmittedToken]
    /// Characters of the text before these tokens.
    var textOffset: Int
    var author: TextPiece?
}

/// One choice of an answer.
struct AnswerChoice {
    private(set) var text = ""
    private(set) var pieces: [TextPiece] = []
    private(set) var calls: [ToolCallReader.Call] = []
    private(set) var result: GenerationResult?
    private var reader: ToolCallReader?
    private let modelText: any ModelText
    private let mostCalls: Int
    /// Those whose text has not been told yet, and the characters before them.
    private var tokens: [EmittedToken] = []
    private var offset = 0
    private let keepsTokens: Bool

    init(_ plan: CompletionPlan, _ text: any ModelText) {
        modelText = text
        keepsTokens = plan.topLogs != nil
        reader = plan.tools.flatMap { $0.use == .none ? nil : ToolCallReader() }
        mostCalls = plan.tools?.isParallel ?? true ? .max : 1
    }

    /// Why it is over, in OpenAI's words; `nil` while it is not.
    var finishReason: String? {
        guard let result else { return nil }
        return calls.isEmpty || result.reason == .cancelled
            ? result.reason.apiName : result.reason == .length ? "length" : "tool_calls"
    }

    /// The tokens of the whole text, without one that ends it.
    var textTokens: [EmittedToken] {
        guard let result else { return [] }
        return result.reason == .end ? result.tokens.dropLast() : result.tokens
    }

    /// The stretches that an event completes.
    mutating func receive(_ event: GenerationEvent) -> [AnswerDelta] {
        switch event {
        case .token(let token):
            if keepsTokens { tokens.append(token) }
            return []
        case .text(let piece):
            pieces.append(piece)
            guard var reader else {
                text += piece.text
                return [delta(.text(piece.text), piece)]
            }
            let parts = reader.parts(appending: piece.text)
            self.reader = reader
            return deltas(of: parts, piece)
        case .finished(let result):
            // The token that ends a text is no part of it.
            if result.reason == .end { _ = tokens.popLast() }
            let parts = reader?.finish() ?? []
            let last = deltas(of: parts, nil)
            self.result = result
            return last + [delta(.end(finishReason ?? ""), nil)]
        }
    }

    private mutating func deltas(
        of parts: [ToolCallReader.Part], _ piece: TextPiece?
    ) -> [AnswerDelta] {
        parts.compactMap { part in
            switch part {
            case .text(let more):
                // White space between and after calls is theirs.
                let more = calls.isEmpty ? more : more.allSatisfy(\.isWhitespace) ? "" : more
                guard !more.isEmpty else { return nil }
                text += more
                let author = piece.map { TextPiece(text: more, author: $0.author) }
                return delta(.text(more), author)
            case .call(let call):
                guard calls.count < mostCalls else { return nil }
                calls.append(call)
                return delta(.call(call, calls.count - 1), nil)
            }
        }
    }

    private mutating func delta(_ content: AnswerDelta.Content, _ author: TextPiece?) -> AnswerDelta
    {
        defer {
            for token in tokens {
                offset += modelText.spelling(of: token.token).unicodeScalars.count
            }
            tokens.removeAll()
        }
        return AnswerDelta(content: content, tokens: tokens, textOffset: offset, author: author)
    }

    // MARK: - Shapes

    static func call(
        _ call: ToolCallReader.Call, _ number: Int, _ answer: String, isChunk: Bool
    ) -> JSONValue {
        .object([
            "index": isChunk ? .integer(number) : nil,
            "id": .string("call_\(answer.drop { $0 != "-" }.dropFirst())_\(number)"),
            "type": .string("function"),
            "function": .object([
                "name": .string(call.name), "arguments": .string(call.arguments),
            ]),
        ])
    }

    /// Who wrote each stretch of the text; neighbours by the same level and kind are one.
    static func authors(_ pieces: [TextPiece], _ model: ServedModel) -> JSONValue {
        var merged: [TextPiece] = []
        for piece in pieces {
            if merged.last?.author == piece.author {
                merged[merged.count - 1].text += piece.text
            } else {
                merged.append(piece)
            }
        }
        return .array(
            merged.map { piece in
                .object([
                    "text": .string(piece.text),
                    "level": .string(model.levels[piece.author.level]),
                    "kind": .string(piece.author.kind.rawValue),
                ])
            })
    }
}
