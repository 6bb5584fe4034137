public import PyramidDecoding

/// One prompt decoded once by one method.
public struct BenchRecord: Record, Equatable {
    /// `bench`.
    public static let type = "bench"

    /// The method's name; figures are grouped by it.
    public var method: String
    /// Who ran it: `pyramid`, or another program such as `llama.cpp`.
    public var engine = "pyramid"
    /// The names of the levels that the method uses, bottom first.
    public var levels: [String]
    /// The lookahead of each level below the target, bottom first.
    public var lookaheads: [Int] = []
    /// Who chose the lookaheads.
    public var control = LookaheadControl.fixed
    /// The name of the acceptance rules.
    public var mode = "exact"
    /// The numbers of the mode, such as `tau_t`.
    public var modeParameters: [String: Double] = [:]
    /// What fuzzy rules compare with their thresholds; `nil` without such a rule.
    public var divergence: Divergence?
    /// Whether the text may have another law than the target's.
    public var isLossy = false
    /// The temperature; 0 is greedy.
    public var temperature: Double
    /// The seed of the text.
    public var seed: UInt64
    /// Which of the repetitions, from 0.
    public var repetition: Int
    /// The prompt.
    public var promptId: String
    /// The prompt's category.
    public var category: String
    /// Whether the prompt was put into the chat template.
    public var chat = false
    /// The most tokens that were asked for.
    public var maximumTokens = 0
    /// The prompt's tokens.
    public var promptTokens: Int
    /// The text's tokens.
    public var generatedTokens: Int
    /// The time of reading the prompt, on all levels.
    public var prefillSeconds: Double
    /// The time of generating, without that.
    public var decodeSeconds: Double
    /// What each level of ``levels`` did.
    public var levelStatistics: [LevelRecord] = []
    /// The mean over the text's tokens of the total variation between the law each was drawn from
    /// and the target's; `nil` where it was not measured.
    public var meanTotalVariation: Double?
    /// A hash of the text's tokens: equal for equal texts. `nil` where the tokens are not known.
    public var textHash: String?
    /// Why the text ended: `end`, `length` or `stop`.
    public var finishReason: String

    /// A record of a text of this many tokens.
    public init(
        method: String, levels: [String], item: PromptItem, repetition: Int = 0,
        sampling: Sampling = Sampling()
    ) {
        self.method = method
        self.levels = levels
        self.repetition = repetition
        // 0.8, not the 0.800000011920929 that the nearest Float is.
        temperature = Double("\(sampling.temperature)") ?? Double(sampling.temperature)
        seed = sampling.seed
        promptId = item.id
        category = item.category
        promptTokens = 0
        generatedTokens = 0
        prefillSeconds = 0
        decodeSeconds = 0
        finishReason = "length"
    }

    /// Generated tokens per second of decoding; `nil` when no time passed.
    public var tokensPerSecond: Double? {
        decodeSeconds > 0 ? Double(generatedTokens) / decodeSeconds : nil
    }
}
