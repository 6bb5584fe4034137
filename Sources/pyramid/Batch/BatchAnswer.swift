import PyramidDecoding

/// An answer of a batch, as its line in the file.
struct BatchAnswer: Codable {
    var id: String
    var sample: Int
    var seed: UInt64
    /// The names of the levels, bottom first.
    var levels: [String]
    /// What the model got, the chat template included.
    var prompt: String
    var promptTokens: [TokenID]
    var text: String
    /// The answer's tokens, its end included.
    var tokens: [TokenID]
    var finishReason: String

    enum CodingKeys: String, CodingKey {
        case id, sample, seed, levels, prompt, text, tokens
        case promptTokens = "prompt_tokens"
        case finishReason = "finish_reason"
    }

    /// What tells answers apart.
    struct Key: Hashable {
        var id: String
        var sample: Int
    }
}
