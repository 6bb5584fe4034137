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
}
