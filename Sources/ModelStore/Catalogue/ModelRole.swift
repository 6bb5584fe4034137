/// The place of a model in the pyramid, from the one whose law decides down to the cheapest guess.
public enum ModelRole: String, Sendable, Hashable, Codable, CaseIterable {
    /// The model whose output law is kept.
    case target
    /// The middle model: verifies the draft and is verified by the target.
    case qualifier
    /// The lowest model.
    case draft
    /// Below the draft: proposes what followed the same tokens earlier, without a model.
    case lookup
}
