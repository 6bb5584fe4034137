public import PyramidDecoding
internal import PyramidEngine

extension BenchSession {
    /// Answers a prompt by a method.
    ///
    /// - Parameters:
    ///   - prompt: The prompt's tokens.
    ///   - method: The method.
    ///   - limits: How tokens are drawn, and where the answer ends.
    ///   - isInterrupted: Asked between rounds; the answer then ends.
    /// - Returns: The answer; `nil` when it was interrupted.
    /// - Throws: `ConfigurationError`, `StartError` or `DecodingError`.
    public func answer(
        _ prompt: [TokenID], by method: BenchMethod, _ limits: AnswerLimits,
        isInterrupted: () -> Bool = { false }
    ) throws -> DecodedAnswer? {
        let request = GenerationRequest(
            prompt: prompt,
            options: options(method, limits.sampling, maximumTokens: limits.maximumTokens),
            stopStrings: limits.stopStrings)
        var text = ""
        let result = try run(method, request, isInterrupted: isInterrupted) { text += $0.text }
        return result.map {
            DecodedAnswer(
                prompt: prompt, text: text, result: $0, levels: statistics(method, $0))
        }
    }
}

/// How an answer is drawn and where it ends.
public struct AnswerLimits: Sendable {
    /// How tokens are drawn.
    public var sampling: Sampling
    /// The most tokens.
    public var maximumTokens: Int
    /// Texts before which the answer ends.
    public var stopStrings: [String]

    /// Limits with these values.
    public init(sampling: Sampling, maximumTokens: Int, stopStrings: [String] = []) {
        self.sampling = sampling
        self.maximumTokens = maximumTokens
        self.stopStrings = stopStrings
    }
}
