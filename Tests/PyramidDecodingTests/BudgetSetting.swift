import PyramidDecoding
import PyramidTestSupport
import Testing

/// A pyramid's depth, its lookaheads, and a seed for the rest.
struct BudgetSetting: Sendable, CustomTestStringConvertible {
    var lookaheads: [Int]
    var seed: UInt64

    var testDescription: String { "\(lookaheads) seed \(seed)" }

    static let all: [BudgetSetting] = [[2], [5], [1, 3], [2, 4], [5, 2], [2, 2, 5]].flatMap {
        lookaheads in
        (0..<6 as Range<UInt64>).map { BudgetSetting(lookaheads: lookaheads, seed: $0) }
    }

    var toy: ToyPyramid {
        ToyPyramid(
            levelCount: lookaheads.count + 1, vocabularySize: 6, seed: seed, distance: 0.7)
    }

    func options(_ mode: DecodingMode, temperature: Float, tokens: Int = 60) -> DecodingOptions {
        var options = DecodingOptions(lookaheads: lookaheads, mode: mode, maximumTokens: tokens)
        options.sampling.temperature = temperature
        options.sampling.seed = seed
        return options
    }

    /// What one sequence alone emits.
    func text(
        _ mode: DecodingMode, temperature: Float
    ) throws -> (tokens: [EmittedToken], levels: [LevelStatistics]) {
        let pyramid = try toy.make(toy.makeModels())
        let id = try pyramid.start(
            prompt: [1, 2], options: options(mode, temperature: temperature))
        let tokens = try pyramid.text(of: id)
        return (tokens, pyramid.statistics(of: id))
    }
}

extension Pyramid {
    /// What a sequence emits from here to its end.
    func text(of id: SequenceID) throws -> [EmittedToken] {
        var tokens: [EmittedToken] = []
        while end(of: id) == nil { tokens += try round([id])[0].tokens }
        return tokens
    }
}
