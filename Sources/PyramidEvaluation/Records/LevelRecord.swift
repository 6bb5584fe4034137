public import PyramidDecoding

/// What one level did: `LevelStatistics` of PyramidDecoding, with times in seconds.
public struct LevelRecord: Sendable, Codable, Equatable {
    /// Forwards for generation, and the tokens fed in them.
    public var forwards: Int
    /// Tokens fed in these forwards.
    public var rows: Int
    /// Time in these forwards.
    public var seconds: Double
    /// Prompt tokens fed ahead of generation.
    public var prefillRows: Int
    /// Time of that.
    public var prefillSeconds: Double
    /// Tokens offered to the level above.
    public var proposed: Int
    /// Those that were tested.
    public var tested: Int
    /// Those that were accepted.
    public var accepted: Int
    /// Tests that failed because the level does not know the token that came instead; `nil` in
    /// records of earlier versions.
    public var unknown: Int?
    /// How often the level above verified a buffer with at least one proposal.
    public var verifications: Int
    /// `acceptedLengths[n]`: how many of these accepted n proposals.
    public var acceptedLengths: [Int]
    /// The sum over tests of sum of min(p, r).
    public var overlap: Double
    /// Drafts and plain steps.
    public var drawn: Int
    /// Tokens drawn in place of a rejected proposal.
    public var corrected: Int
    /// Tokens drawn after all proposals were accepted.
    public var bonus: Int
    /// Tokens of the text that this level wrote.
    public var written: Int

    /// A level's statistics.
    public init(_ statistics: LevelStatistics) {
        forwards = statistics.forwards
        rows = statistics.rows
        seconds = statistics.time / .seconds(1)
        prefillRows = statistics.prefillRows
        prefillSeconds = statistics.prefillTime / .seconds(1)
        proposed = statistics.proposed
        tested = statistics.tested
        accepted = statistics.accepted
        unknown = statistics.unknown
        verifications = statistics.verifications
        acceptedLengths = statistics.acceptedLengths
        overlap = statistics.overlap
        drawn = statistics.drawn
        corrected = statistics.corrected
        bonus = statistics.bonus
        written = statistics.written
    }
}
