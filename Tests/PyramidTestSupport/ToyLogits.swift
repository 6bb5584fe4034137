package import PyramidDecoding

/// The logits of a toy level: a deterministic function of the last three tokens, so that laws can
/// be enumerated, and of the level's seed, so that levels agree only in part.
package struct ToyLogits: Sendable {
    /// Tokens of the vocabulary that all levels share.
    package var vocabularySize: Int
    /// The seed of the base law, which all levels of a pyramid share.
    package var baseSeed: UInt64
    /// The seed of the level's own part.
    package var levelSeed: UInt64
    /// How much the base law counts: 0 is flat.
    package var sharpness: Double
    /// How much the level's own part counts: 0 makes all levels equal.
    package var distance: Double

    /// The tokens that the level knows, where not all.
    package var part: ToyPart?

    package init(
        vocabularySize: Int, baseSeed: UInt64, levelSeed: UInt64, sharpness: Double = 1.5,
        distance: Double = 1
    ) {
        self.vocabularySize = vocabularySize
        self.baseSeed = baseSeed
        self.levelSeed = levelSeed
        self.sharpness = sharpness
        self.distance = distance
    }

    /// The contexts that are told apart; longer histories share their rows.
    package static let contextCount = 1021

    /// The context after `history`, `0 ..< contextCount`.
    package static func context(after history: ArraySlice<TokenID>) -> Int {
        var hash: UInt64 = 0x9D8A_1F37
        for token in history.suffix(3) {
            hash = (hash ^ UInt64(truncatingIfNeeded: token &+ 1)) &* 0x2545_F491_4F6C_DD1D
            hash ^= hash >> 29
        }
        return Int(hash % UInt64(contextCount))
    }

    /// The logits after `history`, `[vocabularySize]`; -infinity for what the level does not know.
    package func row(after history: ArraySlice<TokenID>) -> [Float] {
        let seen = part.map { part in history.map(part.heard) } ?? Array(history)
        return row(Self.context(after: seen[...]))
    }

    /// The logits in a context, `[vocabularySize]`; -infinity for what the level does not know.
    package func row(_ context: Int) -> [Float] {
        let row = fullRow(context)
        guard let part else { return row }
        return row.enumerated().map {
            part.shared.contains(TokenID($0.offset)) ? $0.element : -.infinity
        }
    }

    private func fullRow(_ context: Int) -> [Float] {
        var base = RandomSource(seed: baseSeed &* 0x1_0001 &+ UInt64(context))
        var own = RandomSource(seed: levelSeed &* 0x1_0003 &+ UInt64(context) &+ 0xABCD_EF01)
        return (0..<vocabularySize).map { _ in
            Float(sharpness * base.bellShaped() + distance * own.bellShaped())
        }
    }
}

extension RandomSource {
    /// A number with mean 0 and variance 1, by adding uniform ones.
    mutating fileprivate func bellShaped() -> Double {
        let sum = (0..<6).reduce(0.0) { sum, _ in sum + Double(next() >> 11) * 0x1p-53 }
        return (sum - 3) * 2.0.squareRoot()
    }
}
