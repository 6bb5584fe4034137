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
    ///
    /// - Parameters:
    ///   - test: What was tested, and how it went.
    ///   - upper: The level that tested it.
    ///   - general: What is known of all text, from which a sequence differs; `nil` where this is
    ///     that itself.
    mutating func add(_ test: TestedDraft, upper: Int, general: Agreement? = nil) {
        if let matchClass = test.matchClass {
            lookups[upper][matchClass].add(
                test.accepted, depth: test.depth, sureness: nil, window: window)
        } else {
            curves[upper][test.level].add(
                test.accepted, depth: test.depth, sureness: test.sureness, window: window)
            if let sureness = test.verifierSureness {
                let expected = general?.inferences[upper][test.level].acceptance(sureness)
                inferences[upper][test.level].add(
                    test.accepted, sureness, expected: expected, window: window)
            }
        }
    }

    /// Takes in a token of which nothing is known but how sure the verifier was: where a level is
    /// off, this tells for nothing whether the text has become one on which it would do well.
    mutating func infer(
        lower: Int, upper: Int, verifierSureness: Sureness, general: Agreement
    ) {
        let expected =
            general.inferences[upper][lower].acceptance(verifierSureness)
            + inferences[upper][lower].ownDifference
        curves[upper][lower].infer(
            min(max(expected, 0), 1), window: window, share: AgreementInference.share)
    }

    mutating func addHit(_ isHit: Bool) {
        hits.add(isHit ? 1 : 0, window: window)
    }

    func curve(lower: Int, upper: Int) -> AcceptanceCurve { curves[upper][lower] }

    func lookup(matchClass: Int, upper: Int) -> AcceptanceCurve { lookups[upper][matchClass] }
}
