import Grammar
import PyramidDecoding
import PyramidEngine

/// What an answer cost and what speculation did for it, in the shapes of the API.
struct AnswerStatistics {
    let model: ServedModel
    /// One for each choice.
    let results: [GenerationResult]
    /// Tokens of all prompts, each once.
    let promptTokens: Int

    /// OpenAI's `usage`, with its fields for predictions, which are what levels below the target
    /// drafted: each of their tokens ends in the text or does not.
    var usage: JSONValue {
        let completion = results.reduce(0) { $0 + $1.tokens.count }
        return .object([
            "prompt_tokens": .integer(promptTokens), "completion_tokens": .integer(completion),
            "total_tokens": .integer(promptTokens + completion),
            "prompt_tokens_details": .object([
                "cached_tokens": .integer(
                    min(promptTokens, results.reduce(0) { $0 + $1.cachedTokens }))
            ]),
            "completion_tokens_details": .object([
                "accepted_prediction_tokens": .integer(accepted),
                "rejected_prediction_tokens": .integer(max(0, drafted - accepted)),
            ]),
        ])
    }

    /// llama-server's `timings`, with what each level did.
    var timings: JSONValue {
        let prompt = results.reduce(0) { $0 + $1.promptTokens - $1.cachedTokens }
        let predicted = results.reduce(0) { $0 + $1.tokens.count }
        let promptSeconds = results.reduce(0) { $0 + $1.prefillTime / .seconds(1) }
        let seconds = results.reduce(0) { $0 + $1.decodingTime / .seconds(1) }
        let hasDrafts = drafted > 0
        return .object([
            "cache_n": .integer(results.reduce(0) { $0 + $1.cachedTokens }),
            "prompt_n": .integer(prompt), "prompt_ms": .decimal(promptSeconds * 1000),
            "prompt_per_second": .decimal(Double(prompt) / promptSeconds),
            "predicted_n": .integer(predicted), "predicted_ms": .decimal(seconds * 1000),
            "predicted_per_second": .decimal(Double(predicted) / seconds),
            "plain_per_second": plainRate,
            "draft_n": hasDrafts ? .integer(drafted) : nil,
            "draft_n_accepted": hasDrafts ? .integer(accepted) : nil,
            "levels": .array(model.levels.indices.map(level)),
            "control": control,
        ])
    }

    private func level(_ index: Int) -> JSONValue {
        let all = results.map { $0.levels[index] }
        return .object([
            "model": .string(model.levels[index]),
            "draft_n": .integer(all.reduce(0) { $0 + $1.proposed }),
            "draft_n_accepted": .integer(all.reduce(0) { $0 + $1.accepted }),
            "rounds": .integer(all.reduce(0) { $0 + $1.verifications }),
            "forwards": .integer(all.reduce(0) { $0 + $1.forwards }),
            "ms": .decimal(all.reduce(0) { $0 + $1.time / .seconds(1) } * 1000),
            "wrote": .integer(all.reduce(0) { $0 + $1.written }),
        ])
    }

    /// What the target alone would make at its measured cost of a forward; only automatic control
    /// measures that.
    private var plainRate: JSONValue? {
        guard let seconds = results.first?.explanation?.secondsPerForward.last, seconds > 0 else {
            return nil
        }
        return .decimal(1 / seconds)
    }

    /// What automatic control chose for the first choice, and why.
    private var control: JSONValue? {
        guard let words = results.first?.explanation?.words(names: model.levels) else { return nil }
        return .array(words.map { .string($0) })
    }

    /// Tokens that levels below the target wrote.
    private var drafted: Int {
        results.reduce(0) { sum, result in
            sum + result.levels.dropLast().reduce(0) { $0 + $1.drawn + $1.corrected + $1.bonus }
        }
    }

    /// Those of them that are in the texts.
    private var accepted: Int {
        results.reduce(0) { sum, result in
            sum + result.levels.dropLast().reduce(0) { $0 + $1.written }
        }
    }
}

extension FinishReason {
    /// OpenAI's word, and `abort` for what was cut off by the server.
    var apiName: String {
        switch self {
        case .end, .stop: "stop"
        case .length: "length"
        case .cancelled: "abort"
        }
    }
}
