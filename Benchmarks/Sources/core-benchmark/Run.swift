import PyramidDecoding

/// A way of decoding to be timed.
struct Run {
    var name: String
    var options: DecodingOptions

    init(
        _ name: String, _ lookaheads: [Int], _ mode: DecodingMode = .exact, temperature: Float = 1,
        control: LookaheadControl = .fixed, _ change: (inout Sampling) -> Void = { _ in }
    ) {
        self.name = name
        options = DecodingOptions(
            lookaheads: lookaheads, control: control, mode: mode, maximumTokens: 1)
        options.sampling.temperature = temperature
        options.sampling.seed = 1
        change(&options.sampling)
    }
}

let runs: [Run] = [
    Run("greedy", [4], temperature: 0),
    Run("greedy", [4, 8], temperature: 0),
    Run("plain, temperature 1", []),
    Run("exact, temperature 1", [4]),
    Run("exact, temperature 1", [4, 8]),
    Run("exact, temperature 0.7", [4, 8], temperature: 0.7),
    Run("exact, top-k 40 top-p .95 min-p .05", [4, 8]) {
        $0.topK = 40
        $0.topP = 0.95
        $0.minP = 0.05
    },
    Run("exact, top-p .95", [4, 8]) { $0.topP = 0.95 },
    Run("exact, min-p .05", [4, 8]) { $0.minP = 0.05 },
    Run("exact, repeat penalty 1.1", [4, 8]) { $0.repeatPenalty = 1.1 },
    Run("exact, temperature 1, auto", [4, 8], control: .auto),
    Run("coupled, temperature 1", [4], .coupled),
    Run("coupled, temperature 1", [4, 8], .coupled),
    Run("fsd js", [4], .fsd(FSD())),
    Run("psd-a", [4, 8], .psdA(PSDA())),
    Run("psd-a", [5, 25], .psdA(PSDA())),
    Run("psd-f js", [4, 8], .psdF(PSDF())),
    Run("psd-f js", [15, 25], .psdF(PSDF())),
    Run("psd-f js_fsd", [4, 8], .psdF(PSDF(divergence: .jsFSD))),
    Run("psd-f kl", [4, 8], .psdF(PSDF(tauQ: 1, tauT: 1, divergence: .kl))),
    Run("psd-f tv", [4, 8], .psdF(PSDF(divergence: .tv))),
    Run("psd-f abs-prob", [4, 8], .psdF(PSDF(divergence: .absProb))),
    Run("psd-f abs-logit", [4, 8], .psdF(PSDF(tauQ: 1, tauT: 1, divergence: .absLogit))),
    Run("exact, temperature 1", [15, 25]),
    Run("coupled, temperature 1", [15, 25], .coupled),
]
