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
}
