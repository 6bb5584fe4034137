internal import Foundation
internal import PyramidDecoding

/// What llama-server says about a text that it generated.
struct LlamaCompletion: Sendable, Codable, Equatable {
    /// How long it took, in milliseconds, and what was drafted.
    ///
    /// The time of the first token counts as the prompt's, so `predictedN` tokens took the time of
    /// one less: llama.cpp's figures are the better for it by 1 in `predictedN`.
    struct Timings: Sendable, Codable, Equatable {
        var promptN: Int
        var promptMs: Double
        var predictedN: Int
        var predictedMs: Double
        var draftN: Int?
        var draftNAccepted: Int?
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
