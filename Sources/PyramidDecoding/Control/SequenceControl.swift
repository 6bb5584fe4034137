/// What the controller knows of one sequence and has decided for its round.
struct SequenceControl {
    var agreement: Agreement
    /// The chain in force, with its promise; `nil` before the first choice, and where costs are
    /// not known.
    var plan: ChainOutlook?
    /// The tokens per second that time is worth now.
    var worth = 0.0
    /// Whether the round is for finding out about a level that is off: paid from the credit, or
    /// for what it may save.
    var isProbe = false
    var isTrial = false
    /// What this round takes to feed the chain's levels what they have missed, in seconds.
    var catchUpSeconds = 0.0
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

    /// Saves time up for probes, and takes what a probe has really lost: one that turns out to be
    /// no loss costs nothing, so the next can follow at once.
    mutating func pay(for tokens: Int, seconds: Double) {
        let lost = isProbe && worth > 0 ? max(0, seconds - Double(tokens) / worth) : 0
        let credit = probeCredit + seconds * Self.probeShare - lost
        // One stall of the machine must not end probing for good.
        probeCredit = min(max(credit, -Self.greatestProbeCredit), Self.greatestProbeCredit)
    }

    init(levelCount: Int) {
        agreement = Agreement(levelCount: levelCount, window: Self.window)
        isStopped = Array(repeating: false, count: levelCount)
    }

    /// How much of the time may go into probes, and how much of that can be saved up, in seconds.
    static let probeShare = 0.008
    static let greatestProbeCredit = 2.0

    /// How many tests of a sequence count: long enough for a steady mean, short enough to follow
    /// a text from prose into code.
    static let window = 64.0
    /// In a probe what is new counts more: it is made because the old may not hold any more.
    static let probeWindow = 24.0
}
