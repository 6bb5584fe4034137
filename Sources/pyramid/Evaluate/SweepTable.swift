import PyramidEvaluation

/// A sweep's cells, and the fastest of each kind beside what was published.
struct SweepTable {
    let text: String

    init(_ records: [SweepRecord]) {
        text = Self.cells(records) + "\n" + Self.summary(SweepSummary(records))
    }

    private static func cells(_ records: [SweepRecord]) -> String {
        var table = TextTable(header: [
            "cell", "tokens/s", "to SD", "correct", "TV", "written by", "accepted",
        ])
        for record in records {
            table.add([
                record.cell, record.tokensPerSecond?.text(1) ?? "-",
                record.ratioToReference.cell(2), record.correct.cell,
                record.meanTotalVariation?.text(4) ?? "-",
                record.authorship.map { $0.text(2) }.joined(separator: "/"),
                record.acceptance.map { $0?.text(2) ?? "-" }.joined(separator: "/"),
            ])
        }
        return table.text
    }

    private static func summary(_ summary: SweepSummary) -> String {
        var table = TextTable(header: [
            "fastest of its kind", "to SD", "correct", "TV", "published", "with",
        ])
        for row in summary.rows {
            table.add([
                row.fastest.cell, row.ratio.cell(2), row.fastest.correct.cell,
                row.fastest.meanTotalVariation?.text(4) ?? "-",
                row.published.map { $0.ratio.text(2) + "x" } ?? "-",
                row.published.map { "\($0.setting); \($0.accuracy) %" } ?? "-",
            ])
        }
        return table.text
            + "\nto SD: tokens/s over those of the fastest speculative decoding of two levels, on "
            + "the same prompts in turn.\nwritten by, accepted: from the bottom level up. "
            + "published: arXiv 2510.12966, Llama 3.2 1B, 3B and 3.1 8B on an\nRTX 4090, "
            + "CommonsenseQA accuracy. The fastest of many cells is partly the luckiest.\n"
    }
}
