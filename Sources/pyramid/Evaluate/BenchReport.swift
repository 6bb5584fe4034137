import LlamaBackend
import PyramidEvaluation

/// A bench's tables.
struct BenchReport {
    let text: String

    /// The tables of files that benches have written.
    init(files: [String]) throws {
        let readers = try files.map { try JSONLReader(path: $0) }
        self.init(
            try readers.flatMap { try $0.records(BenchRecord.self) },
            memory: try readers.flatMap { try $0.records(MemoryRecord.self) })
    }

    init(_ records: [BenchRecord], memory: [MemoryRecord]) {
        let summary = BenchSummary(records)
        var parts: [String] = []
        if summary.categories.count > 1 {
            parts += summary.categories.map { Self.table(summary, category: $0) }
        }
        if !records.isEmpty {
            parts.append(Self.table(summary, category: nil))
            parts.append(Self.notes(summary))
            if let against = AgainstReport(records) { parts.append(against.text) }
        }
        if !memory.isEmpty { parts.append(Self.table(memory)) }
        text = parts.isEmpty ? "no results\n" : parts.joined(separator: "\n")
    }

    private static func table(_ summary: BenchSummary, category: String?) -> String {
        let hasMean = category == nil && summary.categories.count > 1
        var table = TextTable(
            header: ["method", "tokens/s", "to plain", "95 %", "with prefill", "to plain"]
                + ["mean len", "wrote, bottom to target", "same text", "mean TV"]
                + (hasMean ? ["mean of categories", "95 %"] : []))
        var prompts = 0
        for method in summary.methods {
            guard let figures = summary.figures(method, in: category) else { continue }
            prompts = max(prompts, figures.prompts)
            let mean = hasMean ? summary.meanSpeedup(method) : nil
            table.add(
                [method + (figures.isLossy ? " (lossy)" : "")] + cells(figures)
                    + (hasMean ? [ratio(mean), interval(mean)] : []))
        }
        let name = category ?? (hasMean ? "all categories" : summary.categories[0])
        return "\(name), \(prompts) prompt\(prompts == 1 ? "" : "s")\n" + table.text
    }

    private static func cells(_ figures: BenchFigures) -> [String] {
        let shares = figures.authorship.map { ($0 * 100).text(0) }.joined(separator: "/")
        let texts = figures.differingTexts.map { count in
            count == 0 ? "yes" : figures.mustMatch ? "\(count) DIFFER" : "\(count) differ"
        }
        return [
            figures.tokensPerSecond?.text(1) ?? "-", ratio(figures.speedup),
            interval(figures.speedup), figures.tokensPerSecondWithPrefill?.text(1) ?? "-",
            ratio(figures.speedupWithPrefill), figures.tokensPerTargetForward?.text(2) ?? "-",
            shares.isEmpty ? "-" : shares + " %", texts ?? "-",
            figures.isLossy ? figures.meanTotalVariation?.text(4) ?? "-" : "-",
        ]
    }

    private static func ratio(_ estimate: Estimate?) -> String {
        estimate.map { $0.value.text(2) + "x" } ?? "-"
    }

    private static func interval(_ estimate: Estimate?) -> String {
        guard let lower = estimate?.lower, let upper = estimate?.upper else { return "-" }
        return "\(lower.text(2))-\(upper.text(2))"
    }

    private static func notes(_ summary: BenchSummary) -> String {
        let all = summary.methods.compactMap { summary.figures($0) }
        var notes = [
            "mean len: tokens per forward of the target. Ratios are to plain decoding of the same "
                + "prompts."
        ]
        if all.contains(where: \.isLossy) {
            notes.append(
                "lossy: the text does not have the target's law; mean TV is how far it is off, "
                    + "per token.")
        }
        if all.contains(where: { $0.mustMatch && $0.differingTexts ?? 0 > 0 }) {
            notes.append(
                "DIFFER: greedy texts of exact rules must be plain decoding's, and are not; where "
                    + "a level is not batch-invariant, rounding may break ties.")
        }
        return notes.joined(separator: "\n") + "\n"
    }

    private static func table(_ memory: [MemoryRecord]) -> String {
        let target = memory.first { $0.levels.count == 1 }?.peakBytes
        var table = TextTable(header: ["levels", "peak memory", "to target alone", "files"])
        for record in memory {
            let ratio = target.map { (Double(record.peakBytes) / Double($0)).text(2) + "x" }
            table.add([
                record.levels.joined(separator: " -> "), ByteCount(record.peakBytes).description,
                ratio ?? "-", ByteCount(record.fileBytes).description,
            ])
        }
        return table.text
    }
}
