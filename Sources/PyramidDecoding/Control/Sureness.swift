/// How sure a level was of the token that it drew, in classes of its law's min-entropy
/// -log max p, which is known before the token is drawn.
///
/// Among the Renyi entropies this is the one that costs nothing where the law is at hand.
struct Sureness: Sendable, Equatable {
    /// The class, 0 for the surest.
    let index: Int

    /// The class of a law whose most probable token has probability `modalProbability`.
    init(modalProbability: Double) {
        index = Self.bounds.firstIndex { modalProbability >= $0 } ?? Self.bounds.count
    }

    /// The class of a law.
    init(of law: Distribution) {
        self.init(modalProbability: Double(law.probability(of: law.modalToken)))
    }

    /// A class by its index.
    init(index: Int) {
        self.index = index
    }

    /// The class of the softmax of `logits`.
    ///
    /// - Complexity: O(vocabulary), no allocation.
    init(_ logits: UnsafeBufferPointer<Float>, greatest: Float) {
        // What lies far below adds nothing that a class could show, and most rows of lanes do.
        let total = VectorSums.sum(count: logits.count) { index in
            let depth = logits.lanes(at: index, fill: -.infinity) - greatest
            guard any(depth .> Self.negligible) else { return Lanes(repeating: 0) }
            return VectorMath.exp(VectorMath.max(depth, Lanes(repeating: -80)))
        }
        self.init(modalProbability: 1 / max(1, total))
    }

    private static let negligible: Float = -12

    /// The number of classes.
    static let count = bounds.count + 1

    /// The least modal probability of each class but the last.
    private static let bounds = [0.99, 0.95, 0.86, 0.7, 0.5, 0.3, 0.14]

    /// How often such a token passes where nothing is known: about as often as it is likely,
    /// and more often where the levels are of one family.
    var usualAcceptance: Double { [0.99, 0.97, 0.92, 0.85, 0.75, 0.6, 0.45, 0.3][index] }
}
