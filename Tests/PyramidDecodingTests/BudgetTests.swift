import PyramidDecoding
import PyramidTestSupport
import Testing

@Suite("Budgeted relaxation")
struct BudgetTests {
    @Test("A budget of 0 is the exact mode, seed for seed", arguments: BudgetSetting.all)
    func nothing(setting: BudgetSetting) throws {
        for temperature in [0, 0.8, 1.5] as [Float] {
            let budget = try setting.text(.budget(Budget(limit: 0)), temperature: temperature)
            let exact = try setting.text(.exact, temperature: temperature)
            #expect(budget.tokens == exact.tokens)
            #expect(budget.tokens.allSatisfy { $0.totalVariation == 0 })
            let work = zip(budget.levels, exact.levels)
            #expect(work.allSatisfy { $0.tested == $1.tested && $0.forwards == $1.forwards })
        }
    }

    @Test("A budget of 1 accepts everything, and says what that cost", arguments: BudgetSetting.all)
    func everything(setting: BudgetSetting) throws {
        for temperature in [0, 1] as [Float] {
            let text = try setting.text(.budget(Budget(limit: 1)), temperature: temperature)
            let drafter = text.levels[setting.lookaheads.count - 1]
            #expect(drafter.proposed > 0 && drafter.accepted == drafter.proposed)
            let spent = text.tokens.reduce(0) { $0 + $1.totalVariation }
            #expect(abs(spent - (Double(drafter.tested) - drafter.overlap)) < 1e-4)
        }
    }

    @Test("Modes that keep the law report a variation of 0", arguments: BudgetSetting.all)
    func exact(setting: BudgetSetting) throws {
        for mode in [DecodingMode.exact, .coupled] {
            for temperature in [0, 1] as [Float] {
                let tokens = try setting.text(mode, temperature: temperature).tokens
                #expect(tokens.allSatisfy { $0.totalVariation == 0 })
            }
        }
    }

    @Test("Greedy text pays 1 for every token that is not the target's choice, and 0 for others")
    func greedy() throws {
        var relaxed = 0
        for setting in BudgetSetting.all {
            let text = try setting.text(.budget(Budget(limit: 0.15)), temperature: 0).tokens
            var prompt: [TokenID] = [1, 2]
            for token in text {
                let options = setting.options(.exact, temperature: 0, tokens: 1)
                let own = try setting.toy.plainText(after: prompt, options)
                #expect(token.totalVariation == (own == [token.token] ? 0 : 1))
                if own != [token.token] { relaxed += 1 }
                prompt.append(token.token)
            }
        }
        // 36 texts of 60 tokens with a budget of 9 each.
        #expect(relaxed > 100)
    }

    @Test("Only the target has anything to spend: a budget below it changes nothing")
    func inner() throws {
        let setting = BudgetSetting(lookaheads: [1, 3], seed: 5)
        let target = BudgetRule(budget: 0.1)
        let texts = try [ExactRule(), BudgetRule(budget: 0.6)].map { (rule: any AcceptanceRule) in
            let pyramid = try setting.toy.make(setting.toy.makeModels())
            let id = try pyramid.start(
                prompt: [1, 2], options: setting.options(.exact, temperature: 1),
                rules: [ExactRule(), rule, target])
            return try pyramid.text(of: id)
        }
        #expect(texts[0] == texts[1])
    }

    @Test("Sampled text uses most of a small budget", arguments: BudgetSetting.all)
    func use(setting: BudgetSetting) throws {
        let text = try setting.text(.budget(Budget(limit: 0.05)), temperature: 1)
        let spent = text.tokens.reduce(0) { $0 + $1.totalVariation }
        #expect(spent > 0.5 * 0.05 * Double(text.tokens.count))
    }
}
