import PyramidDecoding
import PyramidTestSupport
import Testing

/// A mistake that the law check must find.
private struct Mutant: Sendable, CustomStringConvertible {
    var name: String
    /// Rules by level, bottom first.
    var rules: [any AcceptanceRule]
    var lie: ToyModel.Lie?

    var description: String { name }

    init(_ name: String, _ rules: any AcceptanceRule..., lie: ToyModel.Lie? = nil) {
        self.name = name
        self.rules = rules
        self.lie = lie
    }
}

private let exact = ExactRule()

private let mutants = [
    Mutant("plain p at the target", exact, AssistedRule()),
    Mutant("plain p at the target, depth 3", exact, exact, AssistedRule()),
    Mutant("fuzzy target", exact, FuzzyRule(threshold: 0.05)),
    Mutant("assisted claims p", exact, OverclaimingRule(base: AssistedRule()), exact),
    Mutant(
        "fuzzy claims p", exact, OverclaimingRule(base: FuzzyRule(threshold: 0.25)), exact),
    Mutant(
        "pointwise fuzzy claims p", exact,
        OverclaimingRule(base: FuzzyRule(threshold: 0.2, divergence: .absProb)), exact),
    Mutant("exact claims r", exact, UnderclaimingRule(), exact),
    Mutant("leniency", exact, LenientRule()),
    Mutant("leniency inside", exact, LenientRule(), exact),
    Mutant("residual of the wrong side", exact, SwappedResidualRule()),
    Mutant("greedy draft with its softmax", GreedyDraftRule(), exact),
    Mutant("raw q after truncation", TruncatedDraftRule(), exact),
    Mutant("peek and drop", PeekingDraftRule(), exact),
    Mutant("peek and drop, depth 3", PeekingDraftRule(), exact, exact),
    Mutant("coupled test, fresh replacement", CoupledRule(), HalfCoupledRule()),
    Mutant("coupled target with shared noise", CoupledRule(), StaleNoiseRule()),
    Mutant("bonus from the wrong row", exact, exact, lie: .lastRowIsPrevious),
    Mutant("laws shifted by a row", exact, exact, lie: .rowsAreShifted),
]

@Suite("The law check finds planted mistakes")
struct MutantTests {
    @Test("A planted mistake fails the check", arguments: Array(mutants.indices))
    func mutant(index: Int) throws {
        let mutant = mutants[index]
        let check = LawCheck(
            toy: ToyPyramid(levelCount: mutant.rules.count, vocabularySize: 5, seed: 3),
            options: DecodingOptions(
                lookaheads: Array(repeating: 2, count: mutant.rules.count - 1),
                sampling: NamedSampling.all[0].sampling, maximumTokens: 20),
            rules: mutant.rules, lie: mutant.lie)
        let result = try check.run()
        print("mutant \(mutant): \(result)")
        #expect(!result.isConsistent, "\(mutant) was not found: \(result)")
    }

    @Test("The same check passes without the mistake", arguments: [2, 3])
    func control(levelCount: Int) throws {
        let check = LawCheck(
            toy: ToyPyramid(levelCount: levelCount, vocabularySize: 5, seed: 3),
            options: DecodingOptions(
                lookaheads: Array(repeating: 2, count: levelCount - 1),
                sampling: NamedSampling.all[0].sampling, maximumTokens: 20))
        let result = try check.run()
        print("mutant none, depth \(levelCount): \(result)")
        #expect(result.isConsistent, "\(result)")
    }
}
