import PyramidDecoding
import PyramidEngine

/// The same request decoded plainly and with every pair of a lower level and the target, on the
/// same loaded levels, one after the other.
struct Comparison {
    let text: String

    init(
        _ session: GenerationSession, _ request: GenerationRequest, full: GenerationResult
    ) throws {
        let target = session.names.count - 1
        var runs: [(name: String, result: GenerationResult)] = []
        // Plain decoding first: it is what the others are measured against.
        for active in [[]] + (0..<target).map({ [$0] }) where active.count < max(target, 1) {
            var other = request
            for level in 0..<target where !active.contains(level) {
                other.options.lookaheads[level] = 0
            }
            let result = try session.run(other)
            guard result.reason != .cancelled else { break }
            runs.append((Self.name(active + [target], session), result))
        }
        let all = (0...target).filter { $0 == target || request.options.lookaheads[$0] > 0 }
        runs.append((Self.name(all, session), full))
        text = Self.table(runs, session.options)
    }

    private static func name(_ levels: [Int], _ session: GenerationSession) -> String {
        levels.map { session.names[$0] }.joined(separator: " -> ")
    }

    private static func table(
        _ runs: [(name: String, result: GenerationResult)], _ options: DecodingOptions
    ) -> String {
        guard let plain = runs.first?.result else { return "" }
        var table = TextTable(header: ["levels", "tokens", "tokens/s", "to plain", "same text"])
        for (name, result) in runs {
            let ratio = result.tokensPerSecond.flatMap { rate in
                plain.tokensPerSecond.map { (rate / $0).text(2) + "x" }
            }
            table.add([
                name, "\(result.tokens.count)", result.tokensPerSecond?.text(1) ?? "-",
                ratio ?? "-",
                result.tokens.map(\.token) == plain.tokens.map(\.token) ? "yes" : "no",
            ])
        }
        let isSeeded = options.sampling.isGreedy || options.mode == .coupled
        let note =
            isSeeded || options.mode.isLossy
            ? "" : "Sampled text differs from run to run; --mode coupled keeps it the same.\n"
        return "\n" + table.text + note
    }
}
