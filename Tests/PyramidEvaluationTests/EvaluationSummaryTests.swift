import Foundation
import PyramidDecoding
import PyramidEvaluation
import Testing

struct EvaluationSummaryTests {
    /// A record of an answer that took a second.
    private func record(
        _ method: String, _ prompt: String, _ tokens: [TokenID], nats: Double = 1,
        change: (inout EvaluationRecord) -> Void = { _ in }
    ) throws -> EvaluationRecord {
        let item = PromptItem(id: prompt, category: String(prompt.prefix(1)), text: "a")
        let world = ToyWorld()
        let answer = try #require(try world.answer(item, "plain", try world.session()))
        var record = EvaluationRecord(
            method: method, item: item, answer: answer,
            setting: EvaluationSetting(sampling: Sampling(), maximumTokens: 9))
        record.decodeSeconds = 1
        record.meanTotalVariation = nil
        record.tokens = tokens
        record.surprise = TextSurprise()
        record.surprise?.tokens = tokens.count
        record.surprise?.nats = nats
        change(&record)
        return record
    }

    private func records() throws -> [EvaluationRecord] {
        [
            try record("plain", "a1", [1, 2, 3, 4], nats: 2) { $0.isCorrect = true },
            try record("plain", "a2", [1, 2], nats: 1) { $0.isCorrect = true },
            try record("plain", "b1", [5, 6], nats: 1),
            try record("x", "a1", [1, 2, 9, 9], nats: 4) {
                $0.isCorrect = false
                $0.finishReason = "end"
                $0.meanTotalVariation = 0.5
            },
            try record("x", "a2", [1, 2], nats: 1) {
                $0.isCorrect = true
                $0.meanTotalVariation = 0.2
            },
            try record("x", "b1", [5, 6, 7], nats: 3) { $0.meanTotalVariation = 0 },
        ]
    }

    @Test func `Figures are those of a calculation by hand`() throws {
        let summary = EvaluationSummary(try records(), comparesTexts: true)
        #expect(summary.rows.map(\.category) == ["a", "a", "b", "b", nil, nil])
        #expect(summary.rows.map(\.method) == ["plain", "x", "plain", "x", "plain", "x"])
        let row = summary.rows[1]
        #expect(row.items == 2)
        #expect(row.cut == 1)
        #expect(row.correct == Proportion(successes: 1, count: 2))
        #expect(row.identical == Proportion(successes: 1, count: 2))
        #expect(row.identicalPrefix?.value == 2)
        #expect(abs((row.totalVariation?.value ?? 0) - (0.5 * 4 + 0.2 * 2) / 6) < 1e-12)
        #expect(abs((row.perplexity?.value ?? 0) - exp(5.0 / 6)) < 1e-12)
        #expect(abs((row.excessSurprise?.value ?? 0) - (5.0 / 6 - 3.0 / 6)) < 1e-12)
        #expect(row.tokensPerSecond == 3)
        #expect(row.perplexity?.lower != nil)
    }

    @Test func `A longer text is not the same text`() throws {
        let row = EvaluationSummary(try records(), comparesTexts: true).rows[3]
        #expect(row.identical == Proportion(successes: 0, count: 1))
        #expect(row.identicalPrefix?.value == 2)
        #expect(row.correct == nil)
    }

    @Test func `Texts that are drawn independently are not compared`() throws {
        for row in EvaluationSummary(try records(), comparesTexts: false).rows {
            #expect(row.identical == nil && row.identicalPrefix == nil)
            #expect(row.excessSurprise != nil)
        }
    }

    @Test func `Without plain decoding nothing is compared`() throws {
        let own = try records().filter { $0.method == "x" }
        for row in EvaluationSummary(own, comparesTexts: true).rows {
            #expect(row.identical == nil && row.excessSurprise == nil)
        }
    }
}
