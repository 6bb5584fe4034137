import PyramidDecoding
import PyramidEvaluation
import Testing

@Suite struct BenchSummaryTests {
    private func record(
        _ method: String, _ prompt: Int, category: String = "a", seconds: Double,
        text: TokenID = 1
    ) -> BenchRecord {
        var record = BenchRecord(
            method: method, levels: method == "plain" ? ["t"] : ["d", "t"],
            item: PromptItem(id: "\(prompt)", category: category, text: ""))
        record.generatedTokens = 12
        record.decodeSeconds = seconds
        record.prefillSeconds = 2
        record.textHash = TextHash.of([text])
        var target = LevelStatistics()
        target.forwards = method == "plain" ? 12 : 4
        target.written = method == "plain" ? 12 : 3
        var draft = LevelStatistics()
        draft.written = 9
        record.levelStatistics =
            (method == "plain" ? [target] : [draft, target]).map { LevelRecord($0) }
        return record
    }

    @Test func `Figures are those of totals, and ratios those to plain decoding`() throws {
        let summary = BenchSummary([
            record("plain", 0, seconds: 4), record("m", 0, seconds: 1),
            record("plain", 1, seconds: 4), record("m", 1, seconds: 3),
        ])
        let plain = try #require(summary.figures("plain"))
        #expect(plain.tokensPerSecond == 3)
        #expect(plain.tokensPerSecondWithPrefill == 2)
        #expect(plain.speedup == nil && plain.tokensPerTargetForward == 1)
        #expect(plain.authorship == [1] && plain.differingTexts == nil)
        let method = try #require(summary.figures("m"))
        #expect(method.prompts == 2)
        #expect(method.tokensPerSecond == 6)
        #expect(method.tokensPerSecondWithPrefill == 3)
        let speedup = try #require(method.speedup)
        #expect(abs(speedup.value - 2) < 1e-12)
        #expect(abs((speedup.lower ?? .nan) - 4 / 3) < 1e-9)
        #expect(abs((speedup.upper ?? .nan) - 4) < 1e-9)
        #expect(abs(try #require(method.speedupWithPrefill?.value) - 1.5) < 1e-12)
        #expect(method.tokensPerTargetForward == 3)
        #expect(method.authorship == [0.75, 0.25])
        #expect(method.differingTexts == 0 && method.mustMatch)
        #expect(summary.figures("other") == nil && summary.figures("m", in: "b") == nil)
    }

    @Test func `Only prompts that plain decoding has too are compared`() throws {
        let summary = BenchSummary([
            record("plain", 0, seconds: 4), record("m", 0, seconds: 2),
            record("m", 1, seconds: 100),
        ])
        #expect(try #require(summary.figures("m")).speedup == Estimate(value: 2))
        let alone = BenchSummary([record("m", 0, seconds: 2)])
        #expect(try #require(alone.figures("m")).speedup == nil)
        #expect(alone.meanSpeedup("m") == nil)
    }

    @Test func `Repetitions of a prompt are one prompt`() throws {
        let summary = BenchSummary([
            record("plain", 0, seconds: 4), record("m", 0, seconds: 1),
            record("m", 0, seconds: 3),
        ])
        #expect(try #require(summary.figures("m")).speedup == Estimate(value: 2))
        #expect(try #require(summary.figures("m")).prompts == 1)
    }

    @Test func `The geometric mean weighs categories alike`() throws {
        let fast = (0..<3).flatMap {
            [record("plain", $0, seconds: 8), record("m", $0, seconds: 1)]
        }
        let slow = [
            record("plain", 9, category: "b", seconds: 1),
            record("m", 9, category: "b", seconds: 2),
        ]
        let summary = BenchSummary(fast + slow)
        #expect(summary.categories == ["a", "b"])
        #expect(abs(try #require(summary.meanSpeedup("m")).value - 2) < 1e-12)
        #expect(summary.meanSpeedup("plain") == nil)
        #expect(try #require(summary.figures("m", in: "b")).speedup == Estimate(value: 0.5))
    }

    @Test func `A text that differs is counted by prompt`() throws {
        let records = [
            record("plain", 0, seconds: 4), record("m", 0, seconds: 1, text: 2),
            record("plain", 1, seconds: 4), record("m", 1, seconds: 3),
        ]
        #expect(try #require(BenchSummary(records).figures("m")).differingTexts == 1)
        var sampled = records
        for index in sampled.indices { sampled[index].temperature = 0.8 }
        #expect(try #require(BenchSummary(sampled).figures("m")).differingTexts == nil)
        var lossy = records
        lossy[1].isLossy = true
        lossy[1].meanTotalVariation = 0.5
        lossy[3].meanTotalVariation = 0.25
        let figures = try #require(BenchSummary(lossy).figures("m"))
        #expect(!figures.mustMatch && figures.isLossy)
        #expect(figures.meanTotalVariation == 0.375)
    }
}
