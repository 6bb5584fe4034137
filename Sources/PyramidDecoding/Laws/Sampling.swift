/// How a law is made from logits, with llama.cpp's names, defaults for exact sampling, and
/// llama.cpp's order: logit bias, penalties, top-k, top-p, min-p, temperature.
///
/// The same sampling is applied at every level, so that the law a proposal carries is the law it
/// was drawn from.
public struct Sampling: Sendable, Codable, Equatable {
    /// Divides the logits, `0 ...`; 0 is greedy: the law is one-hot. Default 0.
    public var temperature: Float = 0
    /// Keeps the `topK` most probable tokens; 0 keeps all. Default 0.
    public var topK: Int = 0
    /// Keeps the fewest most probable tokens whose probabilities sum to at least this, `(0, 1]`;
    /// 1 keeps all. Default 1.
    public var topP: Float = 1
    /// Keeps the tokens at least this times as probable as the most probable one, `[0, 1]`; 0
    /// keeps all. Default 0.
    public var minP: Float = 0
    /// Divides positive logits of recent tokens and multiplies negative ones, `> 0`; 1 is off.
    public var repeatPenalty: Float = 1
    /// How many last tokens count as recent for the three penalties; `nil` counts all.
    public var repeatLastN: Int? = 64
    /// Subtracted from a recent token's logit per occurrence. Default 0.
    public var frequencyPenalty: Float = 0
    /// Subtracted from a recent token's logit once. Default 0.
    public var presencePenalty: Float = 0
    /// Added to logits; `-infinity` forbids a token.
    public var logitBias: [TokenID: Float] = [:]
    /// Seeds all that is random about the sequence.
    public var seed: UInt64 = 0

    /// Greedy decoding without penalties.
    public init() {}

    /// What logits are multiplied by; finite, so that no difference of 0 becomes NaN.
    var inverseTemperature: Float { min(1 / temperature, .greatestFiniteMagnitude) }

    /// Whether the law is one-hot.
    public var isGreedy: Bool { temperature == 0 }

    /// Whether logits are changed before they become a law.
    var adjustsLogits: Bool { !logitBias.isEmpty || penalizes }

    var penalizes: Bool {
        (repeatPenalty != 1 || frequencyPenalty != 0 || presencePenalty != 0) && repeatLastN != 0
    }

    /// Whether some tokens are cut from the law.
    func truncates(vocabularySize: Int) -> Bool {
        (topK > 0 && topK < vocabularySize) || topP < 1 || minP > 0
    }

    /// Whether laws are the models' own, the softmax of their logits.
    func isRaw(vocabularySize: Int) -> Bool {
        temperature == 1 && !adjustsLogits && !truncates(vocabularySize: vocabularySize)
    }

    /// Checks every range.
    ///
    /// - Throws: ``ConfigurationError`` naming the value and its range.
    public func validate() throws(ConfigurationError) {
        try check(temperature.isFinite && temperature >= 0, "temperature", temperature, "0 or more")
        try check(topK >= 0, "top-k", topK, "0 (off) or more")
        try check(topP > 0 && topP <= 1, "top-p", topP, "more than 0, at most 1")
        try check(minP >= 0 && minP <= 1, "min-p", minP, "0 to 1")
        try check(
            repeatPenalty.isFinite && repeatPenalty > 0, "repeat penalty", repeatPenalty,
            "more than 0")
        try check((repeatLastN ?? 0) >= 0, "repeat-last-n", repeatLastN ?? 0, "0 or more")
        try check(frequencyPenalty.isFinite, "frequency penalty", frequencyPenalty, "finite")
        try check(presencePenalty.isFinite, "presence penalty", presencePenalty, "finite")
        for (token, bias) in logitBias {
            try check(token >= 0, "logit bias token", token, "0 or more")
            try check(
                !bias.isNaN && bias != .infinity, "logit bias of token \(token)", bias,
                "a number or -infinity")
        }
    }
}

/// A setting outside its range.
public struct ConfigurationError: Error, Equatable, CustomStringConvertible {
    /// What is wrong, with the value and the range.
    public var description: String

    /// An error that says `description`.
    public init(_ description: String) {
        self.description = description
    }
}

/// - Throws: ``ConfigurationError`` unless `holds`.
func check(
    _ holds: Bool, _ name: String, _ value: some CustomStringConvertible, _ range: String
) throws(ConfigurationError) {
    guard holds else { throw ConfigurationError("\(name) is \(value); it must be \(range)") }
}
