/// What a level did, in raw counters; the ratios are computed from them, each defined once.
///
/// For every level below the target: `tested <= proposed`, the histogram's entries sum to
/// `verifications`, and their mean times that is `accepted`. A round that fails keeps what it had
/// counted until then, so afterwards these hold only about.
public struct LevelStatistics: Sendable, Codable, Equatable {
    /// Forwards for generation (a batch counts once), prefill excluded.
    public var forwards = 0
    /// Tokens fed in these forwards.
    public var rows = 0
    /// Time in these forwards; of a sequence in a batch, its share by rows.
    public var time: Duration = .zero
    /// Prompt tokens fed ahead of generation.
    public var prefillRows = 0
    /// Time of that.
    public var prefillTime: Duration = .zero

    /// Tokens that this level offered to the level above.
    public var proposed = 0
    /// Those that were tested; the others came after a rejection.
    public var tested = 0
    /// Those that were accepted.
    public var accepted = 0
    /// Tests that failed because this level does not know the token that came instead: what a
    /// partial vocabulary costs.
    public var unknown = 0
    /// How often the level above verified a buffer of this level with at least one proposal.
    public var verifications = 0
    /// `acceptedLengths[n]`: how many of these verifications accepted n proposals.
    public var acceptedLengths: [Int] = []
    /// The sum over tests of sum of min(p, r); for greedy laws, 1 when they agree.
    public var overlap = 0.0

    /// Tokens that this level drew itself with no proposal to test: drafts and plain steps.
    public var drawn = 0
    /// Tokens that it drew in place of a rejected proposal.
    public var corrected = 0
    /// Tokens that it drew after accepting all proposals.
    public var bonus = 0
    /// Tokens of the output that this level wrote.
    public var written = 0

    /// No work yet.
    public init() {}

    /// Accepted of proposed, 0 ... 1; `nil` when nothing was proposed.
    public var acceptanceRate: Double? { ratio(accepted, proposed) }
    /// Accepted of tested, 0 ... 1: how often the level above agrees; `nil` without tests.
    public var agreementRate: Double? { ratio(accepted, tested) }
    /// The mean of sum of min(p, r) over tests, 0 ... 1; `nil` without tests.
    public var meanOverlap: Double? { tested > 0 ? overlap / Double(tested) : nil }
    /// Tokens per verification, 1 + accepted / verifications; `nil` without verifications.
    public var meanAcceptanceLength: Double? { ratio(accepted, verifications).map { $0 + 1 } }

    /// Adds another's counters.
    public static func += (total: inout LevelStatistics, other: LevelStatistics) {
        total.forwards += other.forwards
        total.rows += other.rows
        total.time += other.time
        total.prefillRows += other.prefillRows
        total.prefillTime += other.prefillTime
        total.proposed += other.proposed
        total.tested += other.tested
        total.accepted += other.accepted
        total.unknown += other.unknown
        total.verifications += other.verifications
        total.overlap += other.overlap
        total.drawn += other.drawn
        total.corrected += other.corrected
        total.bonus += other.bonus
        total.written += other.written
        for (length, count) in other.acceptedLengths.enumerated() {
            total.countAcceptedLength(length, times: count)
        }
    }

    mutating func countAcceptedLength(_ length: Int, times: Int = 1) {
        while acceptedLengths.count <= length { acceptedLengths.append(0) }
        acceptedLengths[length] += times
    }

    private func ratio(_ numerator: Int, _ denominator: Int) -> Double? {
        denominator > 0 ? Double(numerator) / Double(denominator) : nil
    }
}
