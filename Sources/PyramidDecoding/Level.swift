/// One storey of the pyramid: a model, or, at the bottom only, a proposer that needs none.
public enum Level<Model: LanguageModel> {
    /// A model that drafts, verifies, or is the target.
    case model(Model)
    /// Prompt lookup: proposes what followed the same tokens earlier, or nothing.
    case lookup(NGramLookup)
}
