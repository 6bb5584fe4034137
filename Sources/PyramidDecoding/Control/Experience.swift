/// What a pyramid has learnt from the texts that it decoded: how often its levels accept each
/// other's tokens, and how long texts are that end by themselves.
///
/// It depends on the models and what they are asked, not on the machine. A sequence starts from it
/// and soon goes by what it sees itself.
public struct Experience: Sendable, Codable, Equatable {
    var agreements: [DrawKind: Agreement] = [:]
    /// Lengths in tokens of texts that ended by themselves.
    var lengths = DecayedMean()

    /// How many texts' lengths count.
    static let lengthWindow = 16.0

    /// Knows nothing.
    public init() {}

    /// Whether it is one of so many levels and all that it says is possible, as it need not be
    /// when it was read from a file.
    public func isSound(levelCount: Int) -> Bool {
        agreements.values.allSatisfy { $0.isSound(levelCount: levelCount) }
            && lengths.isMean(of: 0...1e9, window: Self.lengthWindow)
    }
}
