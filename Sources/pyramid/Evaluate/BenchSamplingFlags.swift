import ArgumentParser
import PyramidDecoding

/// How tokens are drawn: as `generate` does, but greedy and with a fixed seed unless told.
struct BenchSamplingFlags: ParsableArguments {
    @Option(
        name: .customLong("temp"), parsing: .unconditional, help: "Temperature; 0 is greedy.")
    var temperature: Float = 0

    @Option(
        parsing: .unconditional, help: "Keep the K most probable tokens; 0 keeps all.")
    var topK = 40

    @Option(
        parsing: .unconditional,
        help: "Keep the fewest tokens with at least this much probability; 1 keeps all.")
    var topP: Float = 0.95

    @Option(
        parsing: .unconditional,
        help: "Keep tokens at least this times as probable as the best; 0 keeps all.")
    var minP: Float = 0.05

    @Option(
        name: [.short, .long], parsing: .unconditional,
        help: "Seed of every text; each repetition adds 1.")
    var seed: UInt64 = 1

    /// - Throws: `ConfigurationError` for a number that is out of its range.
    func sampling() throws -> Sampling {
        var sampling = Sampling()
        sampling.temperature = temperature
        sampling.topK = topK
        sampling.topP = topP
        sampling.minP = minP
        sampling.seed = seed
        try sampling.validate()
        return sampling
    }
}
