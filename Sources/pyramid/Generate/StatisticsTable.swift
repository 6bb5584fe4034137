import LlamaBackend
import PyramidBackends
import PyramidDecoding
import PyramidEngine

/// A generation's statistics for people.
struct StatisticsTable {
    let text: String

    /// - Parameter explains: Whether to say why automatic control chose what it chose.
    init(_ report: GenerationReport, explains: Bool) {
        var table = TextTable(header: [
            "level", "backend", "lookahead", "forwards", "rows", "ms/forward", "proposed",
            "accepted", "rate",
            "mean len", "overlap", "wrote",
        ])
        for level in report.levels.reversed() {
            let perForward =
                level.forwards > 0
                ? (level.milliseconds / Double(level.forwards)).text(1) : "-"
            table.add([
                level.model, level.backend?.rawValue ?? "-",
                level.lookahead.map(String.init) ?? (report.control == .auto ? "auto" : "-"),
                "\(level.forwards)",
                "\(level.rows)", perForward, "\(level.proposed)", "\(level.accepted)",
                level.acceptanceRate?.text(3) ?? "-", level.meanAcceptanceLength?.text(2) ?? "-",
                level.meanOverlap?.text(3) ?? "-", "\(level.written)",
            ])
        }
        text = "\n" + table.text + Self.summary(report) + Self.control(report, explains)
    }

    private static func control(_ report: GenerationReport, _ explains: Bool) -> String {
        guard let explanation = report.explanation else { return "" }
        let lines = explains ? explanation : explanation.suffix(1)
        return lines.map { "control auto: \($0)\n" }.joined()
    }

    private static func summary(_ report: GenerationReport) -> String {
        let seconds = (report.decodingMilliseconds / 1000).text(2)
        let rate = report.tokensPerSecond?.text(1) ?? "-"
        var lines = [
            "\(report.generatedTokens) tokens in \(seconds) s, \(rate) tokens/s; prompt of "
                + "\(report.promptTokens) tokens in \((report.prefillMilliseconds / 1000).text(2)) "
                + "s; ended by \(report.finishReason.rawValue)"
        ]
        let mode = report.budget.map { "\(report.mode) \($0)" } ?? report.mode
        let draws = report.isGreedy ? "greedy" : "seed \(report.seed)"
        lines.append(
            "mode \(mode) (\(law(report))), \(draws); levels need about "
                + ByteCount(report.memoryBytes).description)
        for level in report.levels {
            guard let known = level.knownTokens else { continue }
            lines.append(
                "\(level.model) knows only \(known) tokens: \(level.unknown) of its "
                    + "\(level.tested - level.accepted) rejected proposals stood where one came "
                    + "that it does not know")
        }
        if !report.isLossy, let warning = report.tieWarning {
            lines.append("exact up to ties that rounding breaks: \(warning)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func law(_ report: GenerationReport) -> String {
        guard report.isLossy else { return "exact: the target's own law" }
        let mean = "mean TV \(report.meanTotalVariation?.text(4) ?? "-")"
        guard let budget = report.budget else {
            return "LOSSY: not the target's law, \(mean) per token"
        }
        return "LOSSY within its bound: \(mean) of at most \(budget) per token"
    }
}
