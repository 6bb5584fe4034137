import PyramidDecoding
import PyramidTestSupport
import Testing

/// Short texts, some easy for the qualifier and some hard, as people ask for them: what was learnt
/// from the others tells little of the next, and reading its prompt with one more model costs a
/// part of what that model can save.
@Suite("Automatic control of short texts") struct ShortTextTests {
    /// How often draft and qualifier agree with the target in each text: about what Qwen2.5-Coder
    /// 1.5B and 0.5B and the shipped draft showed on texts of Spec-Bench.
    static let texts: [[Double]] = [
        [0.50, 0.95], [0.50, 0.70], [0.65, 0.92], [0.40, 0.50], [0.55, 0.80], [0.60, 0.97],
        [0.45, 0.70], [0.30, 0.58], [0.70, 0.90], [0.50, 0.72], [0.58, 0.96], [0.40, 0.66],
        [0.64, 0.98], [0.48, 0.74], [0.39, 0.95], [0.55, 0.68], [0.73, 0.92], [0.47, 0.74],
        [0.41, 0.93], [0.25, 0.45], [0.63, 0.96], [0.60, 0.60], [0.50, 0.97], [0.58, 0.78],
    ]

    /// About the costs of those models on two cores.
    static let costs: [SimulatedWorld.Cost] = [
        .init(0.0015, row: 0.00016, freeRows: 8, readRow: 0.00009),
        .init(0.008, row: 0.001, freeRows: 4, readRow: 0.0005),
        .init(0.0168, row: 0.0028, freeRows: 4, readRow: 0.0022),
    ]

    /// So many tokens are asked for after prompts of so many.
    struct Setting: CustomTestStringConvertible, Sendable {
        var prompt: Int
        var tokens: Int
        var testDescription: String { "\(tokens) tokens after \(prompt)" }
    }

    static let settings = [
        Setting(prompt: 60, tokens: 96), Setting(prompt: 60, tokens: 400),
        Setting(prompt: 300, tokens: 96), Setting(prompt: 30, tokens: 40),
    ]

    /// The seconds of each text, its prompt included. The lookaheads say which levels are allowed,
    /// and how long they draft where control is fixed.
    private func seconds(
        _ setting: Setting, _ lookaheads: [Int], _ control: LookaheadControl
    ) throws -> [Double] {
        var experience = Experience()
        var costs: [ForwardCost?]?
        return try Self.texts.enumerated().map { index, agreements in
            var conditions = SimulatedWorld.Conditions(costs: Self.costs, agreements: agreements)
            conditions.isNested = true
            conditions.tellsSureness = true
            conditions.salt = index
            let world = SimulatedWorld([(0, conditions)])
            let pyramid = try Simulation(course: world.course).pyramid(world)
            pyramid.experience = experience
            if let costs { pyramid.costs = costs } else { try pyramid.calibrate() }
            let began = world.time
            let id = try pyramid.start(
                prompt: (0..<TokenID(setting.prompt)).map { $0 % 16 },
                options: DecodingOptions(
                    lookaheads: lookaheads, control: control, maximumTokens: setting.tokens))
            _ = try pyramid.prefill([id])
            while pyramid.end(of: id) == nil { _ = try pyramid.round([id]) }
            experience = pyramid.experience
            costs = pyramid.costs
            return world.time - began
        }
    }

    /// What those would take who knew for each text which of a grid of lengths is best.
    private func best(_ setting: Setting) throws -> Double {
        var best = Self.texts.map { _ in Double.infinity }
        for draft in [0, 1, 2, 3, 4, 6] {
            for qualifier in [0, 2, 3, 4, 6, 8] {
                best = zip(best, try seconds(setting, [draft, qualifier], .fixed)).map(min)
            }
        }
        return best.reduce(0, +)
    }

    @Test("Its rate is at least 0.9 of the best fixed chain's of each text", arguments: settings)
    func regret(setting: Setting) throws {
        let auto = try seconds(setting, [1, 1], .auto).reduce(0, +)
        let without = try seconds(setting, [0, 1], .auto).reduce(0, +)
        let plain = try seconds(setting, [0, 0], .fixed).reduce(0, +)
        let best = try best(setting)
        print(
            "regret \(setting.testDescription): \(plain / auto) times plain,",
            "\(plain / without) without the draft, best \(plain / best), ratio \(best / auto)")
        #expect(best / auto >= 0.9)
        #expect(without / auto >= 1.1)
    }
}
