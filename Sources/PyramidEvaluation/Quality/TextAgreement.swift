public import PyramidDecoding

/// How far a text goes with another one.
public struct TextAgreement: Sendable, Equatable {
    /// The tokens before the first that differs.
    public let identicalPrefix: Int
    /// Whether no token differs and both are as long.
    public let isIdentical: Bool

    /// Compares two texts token by token.
    public init(_ text: [TokenID], with other: [TokenID]) {
        identicalPrefix = zip(text, other).prefix { $0 == $1 }.count
        isIdentical = text.count == other.count && identicalPrefix == text.count
    }
}
