/// What a pyramid has learnt from the texts that it decoded: how often its levels accept each
/// other's tokens, and how long texts are.
///
/// It depends on the models and not on the machine. A sequence starts from it and soon goes by
/// what it sees itself.
public struct Experience: Sendable, Codable, Equatable {
    var agreements: [DrawKind: Agreement] = [:]
    /// Lengths of finished texts, in tokens.
    var lengths = DecayedMean()

    /// Knows nothing.
    public init() {}

    /// Whether it is one of so many levels and all that it says is possible, as it need not be
    /// when it was read from a file.
    public func isSound(levelCount: Int) -> Bool {
        agreements.values.allSatisfy { $0.isSound(levelCount: levelCount) }
            && lengths.weight.isFinite && lengths.weight >= 0
            && lengths.sum.isFinite && lengths.sum >= 0
    }
}
