internal import PyramidDecoding
internal import PyramidEngine

/// Adds up a cell's answers.
struct SweepTally {
    private var levels: [LevelStatistics] = []
    private var pairs: [SpeedPair] = []
    private var verdicts: [Bool] = []
    private var totalVariation = 0.0
    private var items = 0
    private var tokens = 0
    private var seconds = 0.0

    mutating func add(_ answer: DecodedAnswer, isCorrect: Bool?, reference: DecodedAnswer?) {
        if levels.isEmpty {
            levels = answer.levels
        } else {
            for index in levels.indices { levels[index] += answer.levels[index] }
        }
        if let reference {
            pairs.append(SpeedPair(method: Self.run(answer), baseline: Self.run(reference)))
        }
        if let isCorrect { verdicts.append(isCorrect) }
        let count = answer.result.tokens.count
        totalVariation += (answer.result.meanTotalVariation ?? 0) * Double(count)
        items += 1
        tokens += count
        seconds += answer.result.decodingTime / .seconds(1)
    }

    func fill(_ record: inout SweepRecord) {
        record.items = items
        record.tokens = tokens
        record.decodeSeconds = seconds
        record.ratioToReference = pairs.isEmpty ? nil : Bootstrap().speedup(pairs)
        if !verdicts.isEmpty {
            record.correct = Proportion(
                successes: verdicts.count { $0 }, count: verdicts.count)
        }
        record.meanTotalVariation = tokens > 0 ? totalVariation / Double(tokens) : nil
        record.authorship = levels.map { Double($0.written) / Double(max(tokens, 1)) }
        record.acceptance = levels.dropLast().map(\.acceptanceRate)
    }

    private static func run(_ answer: DecodedAnswer) -> SpeedPair.Run {
        SpeedPair.Run(
            tokens: Double(answer.result.tokens.count),
            seconds: answer.result.decodingTime / .seconds(1))
    }
}
