import PyramidDecoding
import PyramidTestSupport

/// Counts the first tokens of many sequences with different seeds and compares them with the
/// target's law by enumeration.
struct LawCheck {
    var toy: ToyPyramid
    var options: DecodingOptions
    /// A rule for each level, bottom first; `nil` takes the mode's.
    var rules: [any AcceptanceRule]?
    var constraint: (any TokenConstraint)?
    var prompt: [TokenID] = [1, 0, 2, 1, 0]
    var length = 3
    var samples = 6_000
    /// Planted at the target.
    var lie: ToyModel.Lie?
    /// Seconds that a forward of each level takes by the pyramid's clock, the real one where none
    /// are given: automatic control must not depend on how fast this machine is.
    var seconds: [Double]?

    /// The target's law.
    var law: StringLaw {
        StringLaw(
            of: toy.logits[toy.levelCount - 1], after: prompt, count: length, options.sampling,
            endTokens: options.endTokens, constraint: constraint)
    }

    func run() throws -> ChiSquare {
        ChiSquare(try counts(), law)
    }

    /// How often each string of first tokens was emitted.
    func counts() throws -> [[TokenID]: Int] {
        var counts: [[TokenID]: Int] = [:]
        for text in try texts() { counts[text.map(\.token), default: 0] += 1 }
        return counts
    }

    /// The first tokens of every sample.
    func texts() throws -> [[EmittedToken]] {
        let models = toy.makeModels()
        models.last?.lie = lie
        let pyramid = try toy.make(models)
        if let seconds {
            pyramid.now = {
                .seconds(zip(models, seconds).reduce(0) { $0 + Double($1.0.forwardCount) * $1.1 })
            }
        }
        var texts: [[EmittedToken]] = []
        var options = options
        for sample in 0..<samples {
            options.sampling.seed = UInt64(sample) &* 0xD134_2543_DE82_EF95 &+ 12_345
            texts.append(try firstTokens(pyramid, options))
        }
        let violations = models.flatMap(\.violations)
        if !violations.isEmpty { throw BrokenContract(violations: violations.prefix(3)) }
        return texts
    }

    private func firstTokens(
        _ pyramid: Pyramid<ToyModel>, _ options: DecodingOptions
    ) throws -> [EmittedToken] {
        let id =
            if let rules {
                try pyramid.start(prompt: prompt, options: options, rules: rules)
            } else {
                try pyramid.start(prompt: prompt, options: options, constraint: constraint)
            }
        defer { pyramid.finish(id) }
        var tokens: [EmittedToken] = []
        while tokens.count < length, pyramid.end(of: id) == nil {
            tokens += try pyramid.round([id])[0].tokens
        }
        return Array(tokens.prefix(length))
    }
}

/// What the reference caches found.
struct BrokenContract: Error {
    var violations: ArraySlice<String>
}

/// A named sampling to test laws under.
struct NamedSampling: CustomStringConvertible {
    var name: String
    var sampling: Sampling

    init(_ name: String, _ change: (inout Sampling) -> Void) {
        self.name = name
        sampling = Sampling()
        sampling.temperature = 1
        change(&sampling)
    }

    var description: String { name }

    static let all = [
        NamedSampling("t 1") { _ in },
        NamedSampling("t 0.7") { $0.temperature = 0.7 },
        NamedSampling("top-k 3") { $0.topK = 3 },
        NamedSampling("top-p 0.8") { $0.topP = 0.8 },
        NamedSampling("min-p 0.15") { $0.minP = 0.15 },
        NamedSampling("penalties") {
            $0.repeatPenalty = 1.3
            $0.frequencyPenalty = 0.4
            $0.presencePenalty = 0.3
            $0.repeatLastN = 4
        },
        NamedSampling("bias") { $0.logitBias = [0: 1.5, 2: -1, 3: -.infinity] },
        NamedSampling("everything") {
            $0.temperature = 1.4
            $0.topK = 5
            $0.topP = 0.95
            $0.minP = 0.05
            $0.repeatPenalty = 0.8
            $0.repeatLastN = nil
            $0.logitBias = [1: 0.5]
        },
    ]
}
