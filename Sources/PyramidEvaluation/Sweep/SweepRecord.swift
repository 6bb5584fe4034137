/// What one cell of a sweep came to over all its prompts.
public struct SweepRecord: Record, Equatable {
    /// `sweep`.
    public static let type = "sweep"

    /// What tells a record from all others; of equal ones the last counts.
    public struct Key: Sendable, Hashable {
        var cell: String
        var prompts: String
        var setting: EvaluationSetting
    }

    /// The cell's name, which is its method's.
    public var cell: String
    /// The kind of setting.
    public var group: SweepCell.Group
    /// The names of the levels, bottom first.
    public var levels: [String]
    /// Their lookaheads, l_D and l_Q in a cell of three levels.
    public var lookaheads: [Int]
    /// The thresholds, such as `tau_t`.
    public var modeParameters: [String: Double]
    /// What all answers have in common.
    public var setting: EvaluationSetting
    /// A hash of the prompts' ids, in their order.
    public var prompts: String
    /// How many prompts there were.
    public var items = 0
    /// Generated tokens.
    public var tokens = 0
    /// The time of generating them, prefill excluded.
    public var decodeSeconds = 0.0
    /// The cell of speculative decoding that decoded the same prompts in turn with this one; `nil`
    /// for plain and speculative decoding themselves.
    public var reference: String?
    /// How many times as many tokens per second as the reference had in the same minutes.
    public var ratioToReference: Estimate?
    /// Right answers of those that were checked; `nil` when none was.
    public var correct: Proportion?
    /// The mean over the tokens of the total variation of their laws from the target's.
    public var meanTotalVariation: Double?
    /// The share of the tokens that each level wrote, bottom first.
    public var authorship: [Double] = []
    /// Of the tokens that each level below the target proposed, the share that the level above
    /// accepted; `nil` where it proposed none.
    public var acceptance: [Double?] = []

    init(
        _ cell: SweepCell, levels: [String], prompts: String, setting: EvaluationSetting
    ) {
        self.cell = cell.name
        group = cell.group
        self.levels = levels
        lookaheads = cell.method.lookaheads
        modeParameters = cell.method.mode.parameters
        self.prompts = prompts
        self.setting = setting
    }

    var key: Key { Key(cell: cell, prompts: prompts, setting: setting) }

    /// Generated tokens per second of decoding; `nil` when no time passed.
    public var tokensPerSecond: Double? {
        decodeSeconds > 0 ? Double(tokens) / decodeSeconds : nil
    }
}
