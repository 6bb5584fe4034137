/// Lets a model that knows only part of the pyramid's tokens be one of its levels.
///
/// The model has ids of its own. What it computes is its law on the part: every other token has
/// the logit -infinity and is never proposed, and no rule needs to know more than that to stay
/// exact. A token of the text that it does not know is fed as another one, its stand-in, so that
/// positions stay the same on all levels.
///
/// It belongs to the thread of its model.
public final class PartialVocabulary {
    /// The number of tokens of the pyramid.
    public let size: Int
    /// How many of them the model knows.
    public var knownCount: Int { ownIDs.count }

    /// The model's ids that are tokens of the pyramid, and which those are.
    private let ownIDs: [Int]
    private let sharedIDs: [Int]
    /// What the model is fed for each token of the pyramid.
    private let fed: [TokenID]
    private let isKnown: [Bool]
    /// One row over the pyramid's tokens; what the model does not know stays -infinity.
    private var row: [Float]

    /// - Parameters:
    ///   - sharedIDs: For each of the model's ids, the pyramid's token that it is, -1 for none;
    ///     no token twice.
    ///   - standIns: For each of the pyramid's tokens, the model's id that it is fed as: its own
    ///     where it knows the token.
    public init(sharedIDs: [TokenID], standIns: [TokenID]) {
        size = standIns.count
        ownIDs = sharedIDs.indices.filter { sharedIDs[$0] >= 0 }
        self.sharedIDs = ownIDs.map { Int(sharedIDs[$0]) }
        fed = standIns
        precondition(!ownIDs.isEmpty, "a level must know some token")
        precondition(self.sharedIDs.allSatisfy { $0 < standIns.count })
        precondition(standIns.allSatisfy { sharedIDs.indices.contains(Int($0)) })
        var isKnown = Array(repeating: false, count: standIns.count)
        for (own, shared) in zip(ownIDs, self.sharedIDs) {
            precondition(!isKnown[shared] && Int(standIns[shared]) == own)
            isKnown[shared] = true
        }
        self.isKnown = isKnown
        row = Array(repeating: -.infinity, count: standIns.count)
    }

    /// Whether the model can propose a token of the pyramid.
    public func knows(_ token: TokenID) -> Bool { isKnown[Int(token)] }

    /// What the model is fed instead of the pyramid's tokens.
    public func translated(_ requests: [ForwardRequest]) -> [ForwardRequest] {
        requests.map { request in
            var own = request
            own.tokens = request.tokens.map { fed[Int($0)] }[...]
            return own
        }
    }

    /// Lends a row of the model's logits as one over the pyramid's tokens, `[size]`.
    ///
    /// - Complexity: O(``knownCount``), no allocation.
    public func withRow<Result>(
        _ logits: UnsafeBufferPointer<Float>, _ body: (UnsafeBufferPointer<Float>) -> Result
    ) -> Result {
        row.withUnsafeMutableBufferPointer { row in
            for (own, shared) in zip(ownIDs, sharedIDs) { row[shared] = logits[own] }
        }
        return row.withUnsafeBufferPointer(body)
    }
}
