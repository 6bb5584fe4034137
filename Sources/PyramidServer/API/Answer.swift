import Grammar
import PyramidDecoding
import PyramidEngine

/// An answer that grows with what the engine tells, in the shapes of the API: whole, or as the
/// chunks of a stream.
struct Answer {
    /// Which of OpenAI's two shapes.
    enum Shape: Sendable {
        case chat
        case text
    }

    private let shape: Shape
    private let plan: CompletionPlan
    private let model: ServedModel
    private let id: String
    private let created: Int
    private var choices: [AnswerChoice]

    init(_ shape: Shape, _ plan: CompletionPlan, _ model: ServedModel, now: Int) {
        self.shape = shape
        self.plan = plan
        self.model = model
        let number = String(UInt64.random(in: .min ... .max), radix: 36)
        id = (shape == .chat ? "chatcmpl-" : "cmpl-") + number
        created = now
        choices = plan.requests.map { _ in AnswerChoice(plan, model.text) }
    }

    /// Whether all choices are finished.
    var isFinished: Bool { choices.allSatisfy { $0.result != nil } }

    private var statistics: AnswerStatistics {
        AnswerStatistics(
            model: model, results: choices.compactMap(\.result), promptTokens: plan.promptTokens)
    }

    /// Takes in an event, and makes the chunks of a stream that it comes to.
    mutating func chunks(_ event: GenerationEvent, of choice: Int) -> [JSONValue] {
        let deltas = choices[choice].receive(event)
        // Clients that did not ask for usage may not know chunks without a choice, so the last one
        // with a choice brings the timings.
        let endsHere = isFinished && !plan.parameters.includesUsage
        return deltas.enumerated().map { number, delta in
            chunk(
                [chunkChoice(delta, choice)],
                hasTimings: endsHere && number == deltas.count - 1)
        }
    }

    /// The first chunk of each choice of a stream.
    var openings: [JSONValue] {
        guard shape == .chat else { return [] }
        return choices.indices.map { index in
            let delta: JSONValue = .object(["role": .string("assistant"), "content": .string("")])
            return chunk([self.choice(index, delta)])
        }
    }

    /// The chunk after all choices are finished, where usage was asked for.
    var ending: JSONValue? {
        plan.parameters.includesUsage ? chunk([], hasTimings: true, hasUsage: true) : nil
    }

    /// The whole answer.
    var whole: JSONValue {
        .object([
            "id": .string(id),
            "object": .string(shape == .chat ? "chat.completion" : "text_completion"),
            "created": .integer(created), "model": .string(model.name),
            "system_fingerprint": .string(Self.fingerprint),
            "choices": .array(choices.indices.map(wholeChoice)),
            "usage": statistics.usage, "timings": statistics.timings,
        ])
    }

    // MARK: -

    static let fingerprint = "pyramidsd"

    private func chunk(
        _ choices: [JSONValue], hasTimings: Bool = false, hasUsage: Bool = false
    ) -> JSONValue {
        .object([
            "id": .string(id),
            "object": .string(shape == .chat ? "chat.completion.chunk" : "text_completion"),
            "created": .integer(created), "model": .string(model.name),
            "system_fingerprint": .string(Self.fingerprint),
            "choices": .array(choices),
            "usage": plan.parameters.includesUsage ? (hasUsage ? statistics.usage : .null) : nil,
            "timings": hasTimings ? statistics.timings : nil,
        ])
    }

    private func chunkChoice(_ delta: AnswerDelta, _ index: Int) -> JSONValue {
        let logs = self.logs(delta.tokens, from: delta.textOffset)
        let authors = delta.author.flatMap { author in
            plan.parameters.includesAuthors ? AnswerChoice.authors([author], model) : nil
        }
        switch delta.content {
        case .text(let text):
            let content: JSONValue = .object(["content": .string(text)])
            return choice(index, content, text, logs: logs, authors: authors)
        case .call(let call, let number):
            let calls = JSONValue.array([AnswerChoice.call(call, number, id, isChunk: true)])
            return choice(index, .object(["tool_calls": calls]), logs: logs)
        case .end(let reason): return choice(index, .object([]), logs: logs, reason: reason)
        }
    }

    private func logs(_ tokens: [EmittedToken], from offset: Int) -> JSONValue? {
        guard plan.topLogs != nil, !tokens.isEmpty else { return nil }
        let maker = TokenLogProbabilities(text: model.text)
        switch shape {
        case .chat: return .object(["content": .array(tokens.compactMap(maker.chat))])
        case .text: return maker.text(tokens, from: offset)
        }
    }

    /// A choice of a chunk: a chat has a delta, a text completion the text alone.
    private func choice(
        _ index: Int, _ delta: JSONValue, _ text: String = "", logs: JSONValue? = nil,
        reason: String? = nil, authors: JSONValue? = nil
    ) -> JSONValue {
        .object([
            "index": .integer(index), "delta": shape == .chat ? delta : nil,
            "text": shape == .text ? .string(text) : nil, "logprobs": logs ?? .null,
            "finish_reason": reason.map { .string($0) } ?? .null, "authors": authors,
        ])
    }

    private func wholeChoice(_ index: Int) -> JSONValue {
        let choice = choices[index]
        let logs = self.logs(choice.textTokens, from: 0) ?? .null
        let reason: JSONValue = choice.finishReason.map { .string($0) } ?? .null
        let authors =
            plan.parameters.includesAuthors ? AnswerChoice.authors(choice.pieces, model) : nil
        guard shape == .chat else {
            return .object([
                "index": .integer(index), "text": .string(choice.text), "logprobs": logs,
                "finish_reason": reason, "authors": authors,
            ])
        }
        let calls = choice.calls.enumerated().map {
            AnswerChoice.call($1, $0, id, isChunk: false)
        }
        let content: JSONValue =
            choice.text.isEmpty && !calls.isEmpty ? .null : .string(choice.text)
        return .object([
            "index": .integer(index),
            "message": .object([
                "role": .string("assistant"), "content": content,
                "tool_calls": calls.isEmpty ? nil : .array(calls),
            ]),
            "logprobs": logs, "finish_reason": reason, "authors": authors,
        ])
    }
}
