import PyramidDecoding
import PyramidTestSupport
import Testing

private let limit = 0.1

/// A rule for the target and whether it is the right one.
private struct Candidate: Sendable, CustomTestStringConvertible {
    var rule: any AcceptanceRule
    var isRight: Bool

    var testDescription: String { "\(type(of: rule))" }

    static let all = [
        Candidate(rule: BudgetRule(budget: limit), isRight: true),
        Candidate(rule: TokenPricedBudgetRule(budget: limit), isRight: false),
        Candidate(rule: LatePayingBudgetRule(budget: limit), isRight: false),
        Candidate(rule: UnpaidBudgetRule(budget: limit), isRight: false),
    ]
}

/// A claim of a level under the target about its law and whether it is the truth.
private struct Claim: Sendable {
    var law: Judgement.EmittedLaw?
    var isRight: Bool

    static let all = [
        Claim(law: nil, isRight: true), Claim(law: .verifier, isRight: false),
        Claim(law: .proposal, isRight: false), Claim(law: .blend(share: 0.7), isRight: false),
    ]
}

@Suite("The law check finds mistakes with budgets")
struct BudgetMutantTests {
    @Test("Only the right way to spend has the law of the slow reference", arguments: Candidate.all)
    private func spending(candidate: Candidate) throws {
        let toy = ToyPyramid(levelCount: 2, vocabularySize: 3, seed: 40, distance: 1)
        var check = LawCheck(
            toy: toy,
            options: DecodingOptions(
                lookaheads: [3], sampling: NamedSampling.all[0].sampling, maximumTokens: 4),
            rules: [ExactRule(), candidate.rule], prompt: [1, 0])
        check.samples = 20_000
        let slow = SlowPyramid(
            logits: toy.logits, rules: [.budget(limit)], lookaheads: [3],
            sampling: check.options.sampling)
        let law = StringLaw(slow.law(after: [1, 0], count: 3, limit: 4))
        let result = ChiSquare(try check.counts(), law)
        print("budget \(candidate.testDescription): \(result)")
        #expect(result.isConsistent == candidate.isRight, "\(result)")
    }

    @Test("A relaxed level under an exact target needs its true law", arguments: Claim.all)
    private func claim(claim: Claim) throws {
        for named in [NamedSampling.all[0], NamedSampling.all[2]] {
            let check = LawCheck(
                toy: ToyPyramid(levelCount: 3, vocabularySize: 5, seed: 3),
                options: DecodingOptions(
                    lookaheads: [2, 2], sampling: named.sampling, maximumTokens: 20),
                rules: [ExactRule(), RelaxedRule(share: 0.3, claim: claim.law), ExactRule()])
            let result = try check.run()
            print("relaxed level claims \(claim.law.map { "\($0)" } ?? "the truth"): \(result)")
            #expect(result.isConsistent == claim.isRight, "\(result)")
        }
    }
}
