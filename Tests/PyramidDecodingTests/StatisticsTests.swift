import PyramidDecoding
import PyramidTestSupport
import Testing

@Suite("Statistics")
struct StatisticsTests {
    private static let modes: [DecodingMode] = [
        .exact, .coupled, .psdA(PSDA(tauT: 0.1)), .psdF(PSDF(tauQ: 0.1, tauT: 0.15)),
        .budget(Budget(limit: 0.1)),
    ]

    @Test(
        "The counters agree with each other and with what was emitted",
        arguments: [[2, 4], [0, 3], [3, 0], [0, 0], [5, 25]], modes)
    func identities(lookaheads: [Int], mode: DecodingMode) throws {
        for temperature in [0, 1] as [Float] {
            var toy = ToyPyramid(levelCount: 3, vocabularySize: 6, seed: 2, distance: 0.5)
            toy.sequenceCapacity = 3
            let pyramid = try toy.make(toy.makeModels())
            var written: [[SequenceID: Int]] = [[:], [:], [:]]
            var emitted: [SequenceID: Int] = [:]
            let ids = try (0..<3 as Range<UInt64>).map { seed in
                var options = DecodingOptions(
                    lookaheads: lookaheads, mode: mode, maximumTokens: 80)
                options.sampling.temperature = temperature
                options.sampling.seed = seed
                return try pyramid.start(prompt: [1, 2, 3, 4], options: options)
            }
            _ = try pyramid.prefill(ids)
            while true {
                let able = ids.filter { pyramid.end(of: $0) == nil }
                if able.isEmpty { break }
                for emission in try pyramid.round(able) {
                    for token in emission.tokens {
                        written[token.author.level][emission.sequence, default: 0] += 1
                        emitted[emission.sequence, default: 0] += 1
                    }
                }
            }
            for id in ids {
                let levels = pyramid.statistics(of: id)
                #expect(levels.map(\.written) == (0..<3).map { written[$0][id] ?? 0 })
                #expect(levels.map(\.written).reduce(0, +) == 80)
                #expect(emitted[id] == 80)
                checkLevels(levels, lookaheads)
                checkEmitted(levels, lookaheads, count: 80)
            }
            checkLevels(pyramid.statistics, lookaheads)
            checkEmitted(pyramid.statistics, lookaheads, count: 240)
            checkTotals(pyramid, ids)
        }
    }

    /// What holds for every level.
    private func checkLevels(_ levels: [LevelStatistics], _ lookaheads: [Int]) {
        for (index, level) in levels.enumerated() {
            #expect(level.tested <= level.proposed)
            #expect(level.accepted <= level.tested)
            #expect(level.acceptedLengths.reduce(0, +) == level.verifications)
            let sum = level.acceptedLengths.enumerated().map { $0 * $1 }.reduce(0, +)
            #expect(sum == level.accepted)
            #expect(level.overlap <= Double(level.tested) * 1.000_01)
            let isOff = index < 2 && lookaheads[index] == 0
            #expect((level.forwards == 0) == isOff)
            // All but the last prompt token are fed ahead.
            #expect((level.prefillRows == 0) == isOff)
            #expect(level.time > .zero || isOff)
        }
        #expect(levels[2].proposed == 0)
    }

    /// What the target emits is what it accepts and what it draws.
    private func checkEmitted(_ levels: [LevelStatistics], _ lookaheads: [Int], count: Int) {
        let target = levels[2]
        let drafter = lookaheads[1] > 0 ? levels[1] : levels[0]
        #expect(drafter.accepted + target.corrected + target.bonus + target.drawn == count)
        // A drafter that is not the target draws what it offers, or takes it from below.
        if lookaheads[1] > 0 {
            let below = levels[0].accepted
            #expect(
                levels[1].proposed == below + levels[1].corrected + levels[1].bonus
                    + levels[1].drawn)
        }
        if lookaheads[0] > 0 { #expect(levels[0].proposed == levels[0].drawn) }
    }

    /// The pyramid's counters are the sums of the sequences', but a batch's forward counts once.
    private func checkTotals(_ pyramid: Pyramid<ToyModel>, _ ids: [SequenceID]) {
        for level in 0..<3 {
            var sum = LevelStatistics()
            for id in ids { sum += pyramid.statistics(of: id)[level] }
            let total = pyramid.statistics[level]
            #expect(total.forwards <= sum.forwards)
            // The shares of a forward's time are rounded.
            #expect(abs((total.time - sum.time) / .nanoseconds(1)) < 1)
            #expect(abs(total.overlap - sum.overlap) < 1e-6)
            sum.forwards = total.forwards
            sum.time = total.time
            sum.prefillTime = total.prefillTime
            sum.overlap = total.overlap
            #expect(sum == total)
        }
    }

    @Test("Authors are those of the tokens: a level of the same law writes all it drafts")
    func authorship() throws {
        var toy = ToyPyramid(levelCount: 3, vocabularySize: 6, seed: 2)
        toy.distances = [0, 0, 0]
        let pyramid = try toy.make(toy.makeModels())
        let id = try pyramid.start(
            prompt: [1], options: DecodingOptions(lookaheads: [2, 5], maximumTokens: 60))
        let tokens = try pyramid.round([id])[0].tokens
        // Two drafts and the qualifier's bonus, again two drafts, and the target's bonus.
        let expected: [(Int, Authorship.Kind)] = [
            (0, .drawn), (0, .drawn), (1, .bonus), (0, .drawn), (1, .bonus), (2, .bonus),
        ]
        #expect(tokens.map(\.author.level) == expected.map(\.0))
        #expect(tokens.map(\.author.kind) == expected.map(\.1))
    }

    @Test("Ratios are guarded and defined once")
    func ratios() {
        var level = LevelStatistics()
        #expect(level.acceptanceRate == nil)
        #expect(level.agreementRate == nil)
        #expect(level.meanOverlap == nil)
        #expect(level.meanAcceptanceLength == nil)
        level.proposed = 8
        level.tested = 4
        level.accepted = 2
        level.verifications = 2
        level.overlap = 3
        #expect(level.acceptanceRate == 0.25)
        #expect(level.agreementRate == 0.5)
        #expect(level.meanOverlap == 0.75)
        #expect(level.meanAcceptanceLength == 2)
    }
}
