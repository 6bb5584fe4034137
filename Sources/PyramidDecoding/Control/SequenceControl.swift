/// What the controller knows of one sequence and has decided for its round.
struct SequenceControl {
    var agreement: Agreement
    /// The chain in force, with its promise; `nil` before the first choice, and where costs are
    /// not known.
    var plan: ChainOutlook?
    /// The tokens per second that time is worth now.
    var worth = 0.0
    var isProbe = false
    /// Time that may be spent on probes, in seconds.
    var probeCredit = 0.0
    /// What the lookup would propose in this round, to be compared with what comes.
    var shadow: LookupShadow?
    /// The class of the match that the lookup's last proposal came from.
    var lookupClass = 0
    /// Levels that shall draft no more until their buffer has been verified.
    var isStopped: [Bool]
    /// When to stop drafting early in this round.
    var stopRule: StopRule?
    var records: [PlanRecord] = []
    /// When the first round began.
    var began: Duration?

    init(levelCount: Int) {
        agreement = Agreement(levelCount: levelCount, window: Self.window)
        isStopped = Array(repeating: false, count: levelCount)
    }

    /// How much of the time may go into probes, and how much of that can be saved up, in seconds.
    static let probeShare = 0.008
    static let greatestProbeCredit = 2.0

    /// How many tests of a sequence count: long enough for a steady mean, short enough to follow
    /// a text from prose into code.
    private static let window = 96.0
}

/// A proposal of the lookup that costs nothing to compare with the text that comes.
struct LookupShadow {
    /// The class of the match's length.
    var matchClass: Int
    /// The tokens after the earlier occurrence.
    var tokens: [TokenID]

    static let longest = 16
}
