import PyramidEvaluation

/// What an evaluation found, as a table for each category.
struct EvalTable {
    let text: String

    init(_ summary: EvaluationSummary) {
        var texts: [String] = []
        var category: String?? = .none
        var table = Self.empty
        for row in summary.rows {
            if category != .some(row.category) {
                if category != .none { texts.append(table.text) }
                texts.append("\n\(row.category ?? "all")\n")
                table = Self.empty
                category = .some(row.category)
            }
            table.add(Self.cells(row))
        }
        if category != .none { texts.append(table.text) }
        text =
            texts.joined()
                + """

                In brackets: 95 % intervals. cut: answers that -n ended. correct, same text: shares, \
                of so many. prefix:
                tokens before the first that differs from plain's. TV: mean total variation of a \
                token's law from the target's,
                as decoded; greedy laws differ by 0 or 1. KL: its Kullback-Leibler divergence in \
                nats, infinite where a law
                gave tokens that the target's (greedy or truncated) does not have. perplexity: of the text under the target's \
                raw law. excess: nats a
                token more than plain's.

                """
    }

    private static var empty: TextTable {
        TextTable(header: [
            "method", "items", "cut", "correct", "same text", "prefix", "TV", "KL", "perplexity",
            "excess", "tokens/s",
        ])
    }

    private static func cells(_ row: EvaluationSummary.Row) -> [String] {
        [
            row.method, "\(row.items)", "\(row.cut)", row.correct.cell, row.identical.cell,
            row.identicalPrefix.cell(1), row.totalVariation.cell(4),
            row.impossibleTokens > 0 ? "infinite" : row.divergence.cell(4), row.perplexity.cell(3),
            row.excessSurprise.cell(4), row.tokensPerSecond?.text(1) ?? "-",
        ]
    }
}

extension Proportion? {
    /// The share, its interval and how many there were.
    var cell: String {
        guard let self, let estimate = self.estimate else { return "-" }
        return "\(Estimate?.some(estimate).cell(2)) of \(self.count)"
    }
}

extension Estimate? {
    /// The figure and its interval.
    func cell(_ decimals: Int) -> String {
        guard let self else { return "-" }
        let value = self.value.text(decimals)
        guard let lower = self.lower, let upper = self.upper else { return value }
        return "\(value) [\(lower.text(decimals)), \(upper.text(decimals))]"
    }
}
