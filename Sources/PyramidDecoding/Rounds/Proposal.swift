/// A token that some level has drawn or accepted and that the target has not verified yet.
struct Proposal {
    var token: TokenID
    /// Who drew it.
    var author: Authorship
    /// The law from which it was really drawn, given its prefix; `nil` for greedy laws, which are
    /// one-hot.
    var law: Distribution?
    /// The raw law of the level that proposes it, for a rule above that compares raw laws.
    var raw: RawLaw?
    /// The total variation between the law that the target emitted it from and the target's own;
    /// 0 until the target has tested it.
    var totalVariation = 0.0
    /// log r'(x) - log p(x), r' the law that the target emitted it from and p its own.
    var logRatio = 0.0
    /// What the target thinks of it; `nil` where nobody asks.
    var logs: TokenLogs?
    /// How sure the level was that proposes it, or the target that has verified it; `nil` where
    /// nobody asks, and for a lookup.
    var sureness: Sureness?
    /// What levels further below drew at the position, given the same prefix.
    var traces: [DraftTrace] = []
}
