import PyramidDecoding

/// A level that costs nearly nothing: its logits are rows computed beforehand, chosen by the last
/// token and the position, so that what is timed is the core.
final class StoredRows: LanguageModel {
    let vocabularySize: Int
    let contextSize = 1 << 20
    let sequenceCapacity = 1

    private let rows: [[Float]]
    private var contexts: [Int] = []

    /// Rows with a few great logits and a long tail, about 2 nats of entropy.
    ///
    /// - Parameters:
    ///   - seed: The level's own; the great logits are the same tokens at every level.
    ///   - distance: The standard deviation of the level's own part.
    init(vocabularySize: Int, seed: UInt64, distance: Float) {
        self.vocabularySize = vocabularySize
        rows = (0..<32 as Range<UInt64>).map { row in
            Self.row(vocabularySize, row: row, seed: seed, distance: distance)
        }
    }

    func forward(_ requests: [ForwardRequest]) {
        contexts.removeAll(keepingCapacity: true)
        for request in requests {
            let end = request.position + request.tokens.count
            for position in (end - request.wantedRows)..<end {
                let token = request.tokens[request.tokens.startIndex + position - request.position]
                contexts.append((Int(token) &* 7 &+ position) & 31)
            }
        }
    }

    func withLogits<Result>(
        request: Int, row: Int, _ body: (UnsafeBufferPointer<Float>) -> Result
    ) -> Result {
        rows[contexts[row]].withUnsafeBufferPointer(body)
    }

    func rewind(_ sequence: SequenceID, to position: Int) {}

    private static func row(
        _ vocabularySize: Int, row: UInt64, seed: UInt64, distance: Float
    ) -> [Float] {
        var base = RandomSource(seed: row)
        var own = RandomSource(seed: row &* 1_000_003 &+ seed)
        var logits = (0..<vocabularySize).map { _ in
            1.6 * bellShaped(&base) + 0.3 * distance * bellShaped(&own)
        }
        for rank in 0..<60 {
            let token = Int(base.next() % UInt64(vocabularySize))
            logits[token] = 18.5 - 1.2 * Float(rank).squareRoot() + distance * bellShaped(&own)
        }
        return logits
    }

    /// A number with mean 0 and variance 1, by adding uniform ones.
    private static func bellShaped(_ random: inout RandomSource) -> Float {
        let sum = (0..<4).reduce(Float(0)) { sum, _ in sum + Float(random.next() >> 40) * 0x1p-24 }
        return (sum - 2) * Float(3).squareRoot()
    }
}
