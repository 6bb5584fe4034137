internal import Foundation
public import PyramidDecoding

/// How likely the target itself finds a text, by feeding it the text and reading its raw laws:
/// softmax of the logits, before temperature and truncation.
public struct TextSurprise: Sendable, Codable, Equatable {
    /// The tokens that were read, the prompt's excluded.
    public var tokens = 0
    /// The sum over them of -log p(token), in nats.
    public var nats = 0.0
    /// The sum over them of the law's entropy, in nats. At temperature 1 without truncation a
    /// text of the target's own law has the same expectation of both sums.
    public var entropy = 0.0

    /// Nothing read yet.
    public init() {}

    /// exp of the mean nats of a token; `nil` without tokens.
    public var perplexity: Double? { tokens > 0 ? exp(nats / Double(tokens)) : nil }

    /// Adds another text's.
    public static func += (total: inout TextSurprise, other: TextSurprise) {
        total.tokens += other.tokens
        total.nats += other.nats
        total.entropy += other.entropy
    }

    /// Reads a text with the model's sequence 0, which must be empty and is left so.
    ///
    /// - Parameters:
    ///   - text: The tokens to judge; those beyond the context are left out.
    ///   - prompt: The tokens before, at least one.
    ///   - model: The target.
    ///   - vocabularySize: How many first logits make the law: those of tokens that all levels
    ///     know.
    /// - Throws: `DecodingError`, as of level 0.
    /// - Complexity: O(`text.count` x `vocabularySize`), beside the forwards.
    public static func of<Model: LanguageModel>(
        _ text: [TokenID], after prompt: [TokenID], by model: Model, vocabularySize: Int
    ) throws(DecodingError<Model.Failure>) -> TextSurprise {
        precondition(!prompt.isEmpty, "the first token needs something to be likely after")
        let tokens = prompt + text
        let law = RawLaw(vocabularySize: vocabularySize)
        var surprise = TextSurprise()
        try TextReading.read(tokens[...], from: prompt.count, by: model) { index, logits in
            surprise.add(tokens[index], logits.prefix(vocabularySize), law)
        }
        return surprise
    }

    private mutating func add(
        _ token: TokenID, _ logits: Slice<UnsafeBufferPointer<Float>>, _ law: RawLaw
    ) -> Bool {
        guard law.set(UnsafeBufferPointer(rebasing: logits)), let normalizer = law.logNormalizer
        else { return false }
        tokens += 1
        nats -= Double(logits[Int(token)] - normalizer)
        entropy -= law.negativeEntropy
        return true
    }
}
