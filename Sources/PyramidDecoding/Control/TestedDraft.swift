/// A token that a level drew and another tested, or would have.
struct TestedDraft {
    /// Who drew it.
    var level: Int
    /// The class of the lookup's match; `nil` for a model.
    var matchClass: Int?
    /// 0 ... 1: the probability of passing, or what happened.
    var accepted: Double
    /// The place in the buffer; `nil` when it was not in the tested buffer.
    var depth: Int?
    var sureness: Sureness?
    /// How sure the level that tested it was of its own law.
    var verifierSureness: Sureness?
}
