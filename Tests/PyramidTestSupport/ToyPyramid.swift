package import PyramidDecoding

/// Toy levels that belong together, and pyramids of them.
package struct ToyPyramid: Sendable {
    package var vocabularySize: Int
    package var levelCount: Int
    package var baseSeed: UInt64
    package var sharpness = 1.5
    /// Each level's distance from the base law, bottom first.
    package var distances: [Double]
    /// The tokens that a model knows, by its index from the bottom, where not all.
    package var known: [Int: Set<TokenID>] = [:]
    package var lookup: NGramLookup?
    package var contextSize = 256
    package var sequenceCapacity = 1

    /// `levelCount` models, with a lookup under them where one is given.
    package init(
        levelCount: Int, vocabularySize: Int, seed: UInt64, distance: Double = 1,
        lookup: NGramLookup? = nil
    ) {
        self.levelCount = levelCount
        self.vocabularySize = vocabularySize
        baseSeed = seed
        self.lookup = lookup
        distances = Array(repeating: distance, count: levelCount)
    }

    /// The logits of each model, bottom first. The target's do not depend on the level count.
    package var logits: [ToyLogits] {
        (0..<levelCount).map { level in
            var logits = ToyLogits(
                vocabularySize: vocabularySize, baseSeed: baseSeed,
                levelSeed: UInt64(levelCount - level), sharpness: sharpness,
                distance: distances[level])
            logits.part = known[level].map { ToyPart($0, of: vocabularySize) }
            return logits
        }
    }

    /// Fresh models, bottom first, all but one with padding of different length.
    package func makeModels() -> [ToyModel] {
        logits.enumerated().map { level, logits in
            ToyModel(
                logits, padding: (level + Int(baseSeed)) % levelCount * 3, contextSize: contextSize,
                sequenceCapacity: sequenceCapacity)
        }
    }

    /// A pyramid of `models`, over the lookup if there is one.
    package func make(_ models: [ToyModel]) throws(ConfigurationError) -> Pyramid<ToyModel> {
        var levels = models.map { Level.model($0) }
        if let lookup { levels.insert(.lookup(lookup), at: 0) }
        return try Pyramid(levels: levels)
    }

    /// The target alone: plain decoding.
    package var targetAlone: ToyPyramid {
        var alone = self
        alone.levelCount = 1
        alone.distances = Array(distances.suffix(1))
        alone.known = [:]
        alone.lookup = nil
        return alone
    }
}
