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
        let result: Result<TextSurprise, DecodingError<Model.Failure>>
        do throws(DecodingError<Model.Failure>) {
            result = .success(try read(text, after: prompt, by: model, vocabularySize))
        } catch {
            result = .failure(error)
        }
        do {
            try model.rewind(0, to: 0)
        } catch {
            throw .model(level: 0, error)
        }
        return try result.get()
    }

    private static func read<Model: LanguageModel>(
        _ text: [TokenID], after prompt: [TokenID], by model: Model, _ vocabularySize: Int
    ) throws(DecodingError<Model.Failure>) -> TextSurprise {
        precondition(!prompt.isEmpty, "the first token needs something to be likely after")
        // The last token is judged and not fed.
        let tokens = (prompt + text).prefix(model.contextSize + 1)
        let law = RawLaw(vocabularySize: vocabularySize)
        var surprise = TextSurprise()
        // Bounds the memory of a forward's rows of logits.
        for start in stride(from: 0, to: tokens.count - 1, by: rowsPerForward) {
            let fed = tokens[start..<min(start + rowsPerForward, tokens.count - 1)]
            let first = max(fed.startIndex, prompt.count - 1)
            let wanted = max(0, fed.endIndex - first)
            do {
                try model.forward([
                    ForwardRequest(sequence: 0, position: start, tokens: fed, wantedRows: wanted)
                ])
            } catch {
                throw .model(level: 0, error)
            }
            for row in 0..<wanted {
                let token = tokens[first + row + 1]
                let isLaw = model.withLogits(request: 0, row: row) { logits in
                    surprise.add(token, logits.prefix(vocabularySize), law)
                }
                guard isLaw else { throw .invalidLogits(level: 0) }
            }
        }
        return surprise
    }

    private static let rowsPerForward = 64

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
