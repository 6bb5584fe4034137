import PyramidDecoding

/// An answer that is to be made.
struct BatchJob {
    var id: String
    var sample: Int
    var prompt: String
    var tokens: [TokenID]
    var seed: UInt64
}
