public import PyramidDecoding
internal import PyramidEngine

/// One prompt answered by one method, and how good the answer is.
public struct EvaluationRecord: Record, Equatable {
    /// `eval`.
    public static let type = "eval"

    /// What tells a record from all others; of equal ones the last counts.
    public struct Key: Sendable, Hashable {
        var method: String
        var promptId: String
        var setting: EvaluationSetting

        /// The record of `method`'s answer to `promptId` under `setting`.
        public init(method: String, promptId: String, setting: EvaluationSetting) {
            self.method = method
            self.promptId = promptId
            self.setting = setting
        }
    }

    /// The method's name.
    public var method: String
    /// The prompt.
    public var promptId: String
    /// The prompt's category.
    public var category: String
    /// What all answers have in common.
    public var setting: EvaluationSetting
    /// What the answer is checked for.
    public var task: EvaluationTask
    /// Whether the prompt was put as a message.
    public var isMessage: Bool
    /// The answer.
    public var text: String
    /// Its tokens.
    public var tokens: [TokenID]
    /// The prompt's tokens.
    public var promptTokens: Int
    /// The time of generating, prefill excluded.
    public var decodeSeconds: Double
    /// Why the text ended: `end`, `length` or `stop`.
    public var finishReason: String
    /// How many of the tokens each level wrote, bottom first.
    public var written: [Int]
    /// Of the target's tests, the share that passed; `nil` without tests.
    public var agreementRate: Double?
    /// Whether the answer is right; `nil` where there is no right or wrong, or it was not checked.
    public var isCorrect: Bool?
    /// Why it is wrong or was not checked.
    public var reason: String?
    /// The mean over the tokens of the total variation between the law that each was really drawn
    /// from and the target's at its position; greedy laws differ by 0 or 1.
    public var meanTotalVariation: Double?
    /// The sum over the tokens of log r' - log p, r' the law that each was really drawn from and p
    /// the target's, in nats, as far as it is finite: over the tokens' number an estimate of the
    /// Kullback-Leibler divergence; `nil` in older records.
    public var logRatio: Double?
    /// The tokens that the target's law (greedy or truncated) does not have: one makes the
    /// divergence infinite.
    public var impossibleTokens: Int?
    /// How likely the target finds the tokens.
    public var surprise: TextSurprise?

    /// An answer that is not scored yet.
    public init(
        method: String, item: PromptItem, answer: DecodedAnswer, setting: EvaluationSetting
    ) {
        self.method = method
        promptId = item.id
        category = item.category
        self.setting = setting
        task = EvaluationTask(of: item)
        isMessage = TaskPrompt(item, chat: setting.chat).isMessage
        text = answer.text
        tokens = answer.result.tokens.map(\.token)
        promptTokens = answer.result.promptTokens
        decodeSeconds = answer.result.decodingTime / .seconds(1)
        finishReason = answer.result.reason.rawValue
        written = answer.levels.map(\.written)
        agreementRate = answer.levels.dropLast().last?.agreementRate
        meanTotalVariation = answer.result.meanTotalVariation
        let ratios = answer.result.tokens.map(\.logRatio)
        logRatio = ratios.filter(\.isFinite).reduce(0, +)
        impossibleTokens = ratios.count { !$0.isFinite }
    }

    /// What tells it from all others.
    public var key: Key { Key(method: method, promptId: promptId, setting: setting) }

    /// Takes a score over.
    public mutating func take(_ score: AnswerScore) {
        isCorrect = score.isCorrect
        reason = score.reason
    }
}
