import Foundation
import PyramidDecoding
import PyramidEvaluation
import PyramidTestSupport
import Testing

struct TextSurpriseTests {
    private let logits = ToyLogits(vocabularySize: 9, baseSeed: 5, levelSeed: 2)

    @Test(arguments: [1, 2, 63, 64, 65, 150], [1, 5, 64, 70])
    func `It is that of the laws computed one by one`(count: Int, promptCount: Int) throws {
        let model = ToyModel(logits, padding: 4)
        var source = RandomSource(seed: UInt64(count))
        let tokens = (0..<promptCount + count).map { _ in
            TokenID.random(in: 0..<9, using: &source)
        }
        let surprise = try TextSurprise.of(
            Array(tokens[promptCount...]), after: Array(tokens[..<promptCount]), by: model,
            vocabularySize: 9)
        var nats = 0.0
        var entropy = 0.0
        for index in promptCount..<tokens.count {
            let row = logits.row(ToyLogits.context(after: tokens[..<index])).map { Double($0) }
            let law = ReferenceLaw.softmax(row)
            nats -= log(law[Int(tokens[index])])
            entropy -= law.reduce(0) { $0 + $1 * log($1) }
        }
        #expect(surprise.tokens == count)
        #expect(abs(surprise.nats - nats) < 1e-4 * nats)
        #expect(abs(surprise.entropy - entropy) < 1e-4 * entropy)
        #expect(abs((surprise.perplexity ?? 0) - exp(nats / Double(count))) < 1e-3)
        #expect(model.violations.isEmpty, "\(model.violations)")
        #expect(model.cache.tokens[0].isEmpty)
    }

    @Test func `What does not fit into the context is left out`() throws {
        let model = ToyModel(logits, contextSize: 20)
        let surprise = try TextSurprise.of(
            Array(repeating: 3, count: 40), after: [1, 2], by: model, vocabularySize: 9)
        #expect(surprise.tokens == 19)
        #expect(model.violations.isEmpty, "\(model.violations)")
    }

    @Test func `Nothing to read is no perplexity`() throws {
        let model = ToyModel(logits)
        let surprise = try TextSurprise.of([], after: [1, 2], by: model, vocabularySize: 9)
        #expect(surprise == TextSurprise())
        #expect(surprise.perplexity == nil)
    }

    @Test func `A forward that fails leaves the model usable`() throws {
        let model = ToyModel(logits)
        model.failingForwards = [2]
        let text = Array(repeating: TokenID(4), count: 100)
        #expect(throws: DecodingError<ToyFailure>.self) {
            try TextSurprise.of(text, after: [1], by: model, vocabularySize: 9)
        }
        let surprise = try TextSurprise.of(text, after: [1], by: model, vocabularySize: 9)
        #expect(surprise.tokens == 100)
        #expect(model.violations.isEmpty, "\(model.violations)")
    }

    @Test func `Logits that are no numbers are an error`() {
        let model = ToyModel(logits)
        model.invalidForward = 1
        #expect(throws: DecodingError<ToyFailure>.invalidLogits(level: 0)) {
            try TextSurprise.of([1], after: [1], by: model, vocabularySize: 9)
        }
    }
}
