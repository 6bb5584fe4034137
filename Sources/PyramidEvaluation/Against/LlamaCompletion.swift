internal import Foundation
internal import PyramidDecoding

/// What llama-server says about a text that it generated.
struct LlamaCompletion: Sendable, Codable, Equatable {
    /// How long it took, in milliseconds, and what was drafted.
    struct Timings: Sendable, Codable, Equatable {
        var promptN: Int
        var promptMs: Double
        var predictedN: Int
        var predictedMs: Double
        var draftN: Int?
        var draftNAccepted: Int?

        /// The time of the first token, which llama.cpp counts as the prompt's and we as the
        /// text's: as much as each of the others took, or as a token of the prompt.
        var firstTokenMs: Double {
            let estimate =
                predictedN > 1
                ? predictedMs / Double(predictedN - 1) : promptMs / Double(max(1, promptN))
            return min(promptMs, estimate)
        }
    }

    var tokens: [TokenID]
    var stopType: String
    var tokensEvaluated: Int
    var timings: Timings

    /// Reads the body of an answer.
    init(_ body: Data) throws(AgainstError) {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            self = try decoder.decode(LlamaCompletion.self, from: body)
        } catch {
            throw .unreadable(
                program: "llama-server",
                reason: "\(error): \(String(decoding: body.prefix(200), as: UTF8.self))")
        }
    }
}

/// What llama-server is asked for.
struct LlamaCompletionRequest: Sendable {
    /// The prompt's tokens, so that both programs read the same.
    var prompt: [TokenID]
    /// Tokens at most.
    var tokens: Int
    var sampling: LlamaSampling

    var body: Data {
        get throws {
            let encoder = JSONEncoder()
            encoder.keyEncodingStrategy = .convertToSnakeCase
            encoder.outputFormatting = [.sortedKeys]
            return try encoder.encode(Body(request: self))
        }
    }

    private struct Body: Encodable {
        let request: LlamaCompletionRequest

        func encode(to encoder: any Encoder) throws {
            try request.sampling.encode(to: encoder)
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(request.prompt, forKey: .prompt)
            try container.encode(request.tokens, forKey: .nPredict)
            try container.encode(false, forKey: .cachePrompt)
            try container.encode(true, forKey: .returnTokens)
        }
    }

    private enum Key: String, CodingKey {
        case prompt, nPredict, cachePrompt, returnTokens
    }
}
