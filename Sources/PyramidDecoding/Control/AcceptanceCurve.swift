/// How often one level accepts what another draws: overall, by the place in the buffer, and by
/// how sure the drawing level was.
///
/// Texts have easy and hard stretches, so a token whose predecessors all passed passes more often
/// than the mean: powers of one number would undervalue long buffers.
struct AcceptanceCurve: Sendable, Codable, Equatable {
    /// Places in the buffer that are told apart; the last one stands for all beyond.
    static let depths = 16

    private(set) var overall = DecayedMean()
    private var byDepth = Array(repeating: DecayedMean(), count: depths)
    private var bySureness = Array(repeating: DecayedMean(), count: Sureness.count)

    /// What is expected of a text before anything is seen of it.
    struct Prior {
        /// All text.
        var curve: AcceptanceCurve
        /// How often the level is accepted where the verifier is as sure of itself as in this
        /// text, and as in all text.
        var ease = 1.0
        var usualEase = 1.0
    }

    /// What is believed before anything is seen.
    private let guess: Double

    /// Nothing seen yet; `guess` is believed until then.
    init(guess: Double = unknown) {
        self.guess = guess
    }

    /// Whether all that it says is possible, as it need not be when it was read from a file.
    func isSound(window: Double) -> Bool {
        byDepth.count == Self.depths && bySureness.count == Sureness.count
            && (0...1).contains(guess)
            && ([overall] + byDepth + bySureness).allSatisfy {
                $0.isMean(of: 0...1, window: window)
            }
    }

    /// Takes in a test; `accepted` is 0 ... 1, the probability of passing or what happened.
    mutating func add(_ accepted: Double, depth: Int?, sureness: Sureness?, window: Double) {
        overall.add(accepted, window: window)
        Self.add(accepted, at: depth.map { min($0, Self.depths - 1) }, of: &byDepth, window)
        Self.add(accepted, at: sureness?.index, of: &bySureness, window)
    }

    /// What was seen at other places gets older too: after a change it does not hold either.
    private static func add(
        _ accepted: Double, at place: Int?, of means: inout [DecayedMean], _ window: Double
    ) {
        for index in means.indices where index != place { means[index].age(window: window) }
        if let place { means[place].add(accepted, window: window) }
    }

    /// Makes what was seen overall count less: a token has come that the level did not draft. How
    /// places in the buffer and sureness differ from that stays as it was seen.
    mutating func age(window: Double) {
        overall.age(window: window)
    }

    /// How many tests of a first token count, each as much as it is new.
    var firstTests: Double { byDepth[0].weight }

    /// The probability to pass, overall.
    func mean(_ prior: Prior) -> Double {
        let general = general(prior.curve)
        return overall.mean(
            prior: Self.shifted(general, from: prior.usualEase, to: prior.ease),
            weight: Self.priorWeight)
    }

    /// The probability to pass in earlier text.
    private func general(_ prior: AcceptanceCurve) -> Double {
        prior.overall.mean(prior: guess, weight: Self.guessWeight)
    }

    /// The probability to pass for each place in the buffer, given that all before have passed.
    func hazards(_ prior: Prior) -> [Double] {
        let general = general(prior.curve)
        let own = mean(prior)
        return (0..<Self.depths).map { depth in
            let usual = prior.curve.byDepth[depth].mean(prior: general, weight: Self.priorWeight)
            let expected = Self.shifted(usual, from: general, to: own)
            return Self.probability(
                byDepth[depth].mean(prior: expected, weight: Self.priorWeight))
        }
    }

    /// The probability that a token passes whose drawing level was this sure.
    func acceptance(of sureness: Sureness, _ prior: Prior) -> Double {
        let general = general(prior.curve)
        let own = mean(prior)
        let usual = prior.curve.bySureness[sureness.index].mean(
            prior: sureness.usualAcceptance, weight: Self.guessWeight)
        let expected = Self.shifted(usual, from: general, to: own)
        return Self.probability(
            bySureness[sureness.index].mean(prior: expected, weight: Self.priorWeight))
    }

    /// By how much ``mean(_:)`` is likely to move, up or down, when the level is tried: the standard
    /// deviation of what as many tests will show as a trial has.
    func promise(_ prior: Prior) -> Double {
        let mean = min(mean(prior), 1)
        let tests = overall.weight + Self.priorWeight
        let learnt = Self.trialTests / (Self.trialTests + tests)
        return (mean * (1 - mean) / (tests + 1) * learnt).squareRoot()
    }

    /// How many tests tell enough of a level.
    private static let trialTests = 16.0

    /// What is believed of two levels before anything is seen, and how firmly, in tests.
    static let unknown = 0.8
    private static let guessWeight = 3.0
    /// How many tests of a sequence weigh as much as all earlier text.
    private static let priorWeight = 8.0

    /// A probability of failing scales with the general one.
    private static func shifted(_ value: Double, from general: Double, to own: Double) -> Double {
        probability(1 - (1 - value) * (1 - own) / max(1 - general, 0.02))
    }

    private static func probability(_ value: Double) -> Double { min(max(value, 0.01), 0.995) }
}
