import ArgumentParser
import PyramidDecoding

/// How tokens are drawn; llama.cpp's names and defaults.
struct SamplingFlags: ParsableArguments {
    @Option(name: .customLong("temp"), parsing: .unconditional, help: "Temperature; 0 is greedy.")
    var temperature: Float = 0.8

    @Option(parsing: .unconditional, help: "Keep the K most probable tokens; 0 keeps all.")
    var topK = 40

    @Option(
        parsing: .unconditional,
        help: "Keep the fewest tokens with at least this much probability; 1 keeps all.")
    var topP: Float = 0.95

    @Option(
        parsing: .unconditional,
        help: "Keep tokens at least this times as probable as the best; 0 keeps all.")
    var minP: Float = 0.05

    @Option(parsing: .unconditional, help: "Penalty on recent tokens' logits; 1 is off.")
    var repeatPenalty: Float = 1

    @Option(parsing: .unconditional, help: "How many last tokens the penalties look at; -1 is all.")
    var repeatLastN = 64

    @Option(parsing: .unconditional, help: "Subtracted from a recent token's logit per occurrence.")
    var frequencyPenalty: Float = 0

    @Option(parsing: .unconditional, help: "Subtracted from a recent token's logit once.")
    var presencePenalty: Float = 0

    @Option(
        name: [.customShort("l"), .long], parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Add to a token's logit, such as 15043+1 or 15043-inf.", valueName: "token+/-bias"))
    var logitBias: [String] = []

    @Option(
        name: [.short, .long], parsing: .unconditional,
        help: "Seed; -1 takes a random one, which is printed.")
    var seed: Int64 = -1

    /// Whether the user chose a seed.
    var hasSeed: Bool { seed != -1 }

    /// The sampling, with a seed drawn if none was given.
    func sampling() throws -> Sampling {
        var sampling = Sampling()
        sampling.temperature = temperature
        sampling.topK = topK
        sampling.topP = topP
        sampling.minP = minP
        sampling.repeatPenalty = repeatPenalty
        sampling.repeatLastN = repeatLastN == -1 ? nil : repeatLastN
        sampling.frequencyPenalty = frequencyPenalty
        sampling.presencePenalty = presencePenalty
        sampling.logitBias = try Dictionary(
            logitBias.map(bias), uniquingKeysWith: { _, last in last })
        // llama.cpp's seeds have 32 bits; a drawn one stays short enough to type.
        sampling.seed =
            seed == -1
            ? UInt64.random(in: 0...UInt64(UInt32.max)) : UInt64(bitPattern: seed)
        try sampling.validate()
        return sampling
    }

    private func bias(_ text: String) throws -> (TokenID, Float) {
        guard let sign = text.lastIndex(where: { $0 == "+" || $0 == "-" }),
            let token = TokenID(text[..<sign]), let bias = Float(text[sign...])
        else {
            throw ValidationError("--logit-bias '\(text)' is not TOKEN+BIAS or TOKEN-BIAS")
        }
        return (token, bias)
    }
}
