/// The experts of a mixture-of-experts model.
public struct ExpertDescription: Sendable, Hashable {
    /// The experts of one layer, at least 1.
    public let count: Int
    /// The experts that each token uses, or `nil` when not stated.
    public let usedCount: Int?
    /// The experts that all tokens use besides, or `nil` when not stated.
    public let sharedCount: Int?

    /// Reads the expert keys of `scope`; `nil` for a model without experts.
    init?(_ scope: ArchitectureScope) {
        guard let count = scope.integer("expert_count"), count > 0 else { return nil }
        self.count = count
        usedCount = scope.integers("expert_used_count").first
        sharedCount = scope.integer("expert_shared_count")
    }
}
