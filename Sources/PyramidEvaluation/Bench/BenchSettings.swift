public import PyramidDecoding

/// What all runs of a bench have in common.
public struct BenchSettings: Sendable {
    /// The most tokens of a text, 1 or more. Default 128.
    public var maximumTokens = 128
    /// How often every method decodes every prompt, 1 or more. Default 1.
    public var repetitions = 1
    /// How tokens are drawn; each repetition adds 1 to the seed. Default greedy.
    public var sampling = Sampling()

    /// The defaults.
    public init() {}

    func sampling(repetition: Int) -> Sampling {
        var sampling = sampling
        sampling.seed &+= UInt64(repetition)
        return sampling
    }
}
