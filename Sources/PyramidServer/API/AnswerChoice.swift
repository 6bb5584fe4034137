import Grammar
import PyramidDecoding
import PyramidEngine

/// One choice of an answer.
struct AnswerChoice {
    private(set) var text = ""
    private(set) var pieces: [TextPiece] = []
    private(set) var calls: [ToolCallReader.Call] = []
    private(set) var result: GenerationResult?
    private var reader: ToolCallReader?
    private let modelText: any ModelText
    private let mostCalls: Int
    /// Tokens whose text has not been told yet, each with the bytes of text before it.
    private var tokens: [(token: EmittedToken, start: Int)] = []
    /// Bytes of all tokens so far, and of the text that came of them; and the characters before the
    /// first of `tokens`.
    private var tokenBytes = 0
    private var textBytes = 0
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

    /// The tokens of the whole text: without one that ends it, and without a stop string's.
    private(set) var textTokens: [EmittedToken] = []

    /// The stretches that an event completes.
    mutating func receive(_ event: GenerationEvent) -> [AnswerDelta] {
        switch event {
        case .token(let token):
            guard keepsTokens else { return [] }
            tokens.append((token, tokenBytes))
            tokenBytes += modelText.bytes(of: token.token).count
            return []
        case .text(let piece):
            pieces.append(piece)
            textBytes += piece.text.utf8.count
            guard var reader else {
                text += piece.text
                return [delta(.text(piece.text), piece)]
            }
            let parts = reader.parts(appending: piece.text)
            self.reader = reader
            return deltas(of: parts, piece)
        case .finished(let result):
            keepTextTokens(result.reason)
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
        // Those of which nothing has been told yet wait: a stop string may take them away.
        let told = tokens.prefix { $0.start < textBytes }.map(\.token)
        defer {
            tokens.removeFirst(told.count)
            textTokens += told
            for token in told { offset += modelText.spelling(of: token.token).unicodeScalars.count }
        }
        return AnswerDelta(content: content, tokens: told, textOffset: offset, author: author)
    }

    /// At the end nothing waits any more.
    private mutating func keepTextTokens(_ reason: FinishReason) {
        switch reason {
        case .end: _ = tokens.popLast()
        case .stop: tokens.removeAll { $0.start >= textBytes }
        case .length, .cancelled: break
        }
        textBytes = .max
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
