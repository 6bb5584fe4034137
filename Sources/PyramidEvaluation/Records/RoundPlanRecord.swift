internal import PyramidDecoding

/// What automatic control chose for one round of a bench's run.
public struct RoundPlanRecord: Record, Equatable {
    /// `plan`.
    public static let type = "plan"

    /// The method's name.
    public var method: String
    /// The prompt.
    public var promptId: String
    /// Which of the repetitions, from 0.
    public var repetition: Int
    /// Tokens that the text had before the round.
    public var tokens: Int
    /// The time since the text's first round.
    public var seconds: Double
    /// The names of the levels of the round's chain, bottom first.
    public var levels: [String]
    /// The lookahead of each of these below the target.
    public var lookaheads: [Int]
    /// What the round was expected to do.
    public var predictedTokensPerSecond: Double
    /// Whether the round only served to see how a level that is off would do.
    public var isProbe: Bool

    /// - Parameters:
    ///   - plan: The choice.
    ///   - run: The run that the round belongs to.
    ///   - names: The names of all levels that the choice was among, bottom first.
    init(_ plan: PlanRecord, of run: BenchRecord.Key, names: [String]) {
        method = run.method
        promptId = run.promptId
        repetition = run.repetition
        tokens = plan.tokens
        seconds = plan.time / .seconds(1)
        let below = plan.lookaheads.indices.filter { plan.lookaheads[$0] > 0 }
        levels = below.map { names[$0] } + names.suffix(1)
        lookaheads = below.map { plan.lookaheads[$0] }
        predictedTokensPerSecond = plan.promisedTokensPerSecond
        isProbe = plan.isProbe
    }
}
