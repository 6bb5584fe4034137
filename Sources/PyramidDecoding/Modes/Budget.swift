/// Budgeted relaxation, ours: the target accepts some of what a strict test would refuse, as long
/// as the mean over the emitted tokens of the total variation between the law each was drawn from
/// and the target's law at that position stays within a limit. Lossy, with a stated bound.
///
/// The bound holds after every token of the answer, whatever the levels below and the lookaheads.
/// The law is the one given all that was drawn before; the law given the text alone is a mean of
/// such laws, and no further from the target's.
public struct Budget: Sendable, Codable, Equatable {
    /// The most mean total variation per emitted token, 0 (exact) to 1 (accepts everything).
    public var limit: Double

    /// A budget of `limit`, 0 to 1.
    public init(limit: Double = 0.02) {
        self.limit = limit
    }

    func validate() throws(ConfigurationError) {
        try check((0...1).contains(limit), "budget", limit, "0 to 1")
    }
}
