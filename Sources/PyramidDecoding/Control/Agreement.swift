/// What is known of how often levels accept each other's tokens, of one sequence or of all text.
struct Agreement: Sendable, Codable, Equatable {
    /// `curves[upper][lower]` for models.
    private var curves: [[AcceptanceCurve]]
    /// `lookups[upper][class]` for a lookup at the bottom, by the length of the match.
    private var lookups: [[AcceptanceCurve]]
    /// How often the verifier accepts, by how sure it is itself: `[upper][lower]`.
    private var inferences: [[AgreementInference]]
    /// How often the lookup finds something.
    private(set) var hits = DecayedMean()
    /// How many tests count at most.
    var window: Double

    /// Match lengths that are told apart, from the shortest on.
    static let matchClasses = matchGuesses.count
    /// How often a proposal of each class is believed to pass before any is seen.
    private static let matchGuesses = [0.4, 0.55, 0.7, 0.75]

    /// Knows nothing.
    init(levelCount: Int, window: Double) {
        self.window = window
        curves = Array(
            repeating: Array(repeating: AcceptanceCurve(), count: levelCount), count: levelCount)
        inferences = Array(
            repeating: Array(repeating: AgreementInference(), count: levelCount),
            count: levelCount)
        lookups = Array(
            repeating: Self.matchGuesses.map { AcceptanceCurve(guess: $0) }, count: levelCount)
    }

    /// Whether it is one of so many levels, and all that it says is possible.
    func isSound(levelCount: Int) -> Bool {
        (1...65_536).contains(window) && hits.isMean(of: 0...1, window: window)
            && [curves.count, inferences.count, lookups.count].allSatisfy { $0 == levelCount }
            && curves.allSatisfy {
                $0.count == levelCount && $0.allSatisfy { $0.isSound(window: window) }
            }
            && inferences.allSatisfy {
                $0.count == levelCount && $0.allSatisfy { $0.isSound(window: window) }
            }
            && lookups.allSatisfy {
                $0.count == Self.matchClasses && $0.allSatisfy { $0.isSound(window: window) }
            }
    }

    /// Takes in a test.
    mutating func add(_ test: TestedDraft, upper: Int) {
        if let matchClass = test.matchClass {
            lookups[upper][matchClass].add(
                test.accepted, depth: test.depth, sureness: nil, window: window)
        } else {
            curves[upper][test.level].add(
                test.accepted, depth: test.depth, sureness: test.sureness, window: window)
            if let sureness = test.verifierSureness {
                inferences[upper][test.level].add(test.accepted, sureness, window: window)
            }
        }
    }

    /// How often a level is accepted, over all text, where the verifier is this sure.
    func acceptance(lower: Int, upper: Int, verifierSureness: Sureness) -> Double {
        inferences[upper][lower].acceptance(verifierSureness)
    }

    /// Takes in a token of which nothing may be known but how sure the verifier was: where a level
    /// is off, this tells for nothing whether the text has become one on which it would do well.
    ///
    /// - Parameters:
    ///   - expected: How often the level is accepted where the verifier is as sure.
    ///   - isTested: Whether the level named a token at this place, too.
    mutating func infer(_ expected: Double, lower: Int, upper: Int, isTested: Bool) {
        inferences[upper][lower].infer(expected, window: window)
        if !isTested { curves[upper][lower].age(window: 2 * window) }
    }

    /// What is expected of a text before it is seen, where this is what is known of all text.
    func prior(of text: Agreement, lower: Int, upper: Int) -> AcceptanceCurve.Prior {
        let usual = inferences[upper][lower].ease(prior: AcceptanceCurve.unknown)
        return AcceptanceCurve.Prior(
            curve: curves[upper][lower],
            ease: text.inferences[upper][lower].ease(prior: usual), usualEase: usual)
    }

    mutating func addHit(_ isHit: Bool) {
        hits.add(isHit ? 1 : 0, window: window)
    }

    func curve(lower: Int, upper: Int) -> AcceptanceCurve { curves[upper][lower] }

    func lookup(matchClass: Int, upper: Int) -> AcceptanceCurve { lookups[upper][matchClass] }
}
