import PyramidEvaluation

/// Our methods beside the best of another program's.
struct AgainstReport {
    let text: String

    /// `nil` when no other program ran.
    init?(_ records: [BenchRecord]) {
        let engine = LlamaMethods.engine
        guard let best = BestForeign.method(of: engine, in: records),
            let own = BestForeign.method(of: "pyramid", in: records.filter { !$0.isLossy }),
            let theirs = Self.rate(best, in: records), let ours = Self.rate(own, in: records)
        else { return nil }
        text = """
            \(engine) best: \(best), \(theirs.text(1)) tokens/s; ours that is exact: \(own), \
            \(ours.text(1)) tokens/s, \((ours / theirs).text(2))x as fast

            """
    }

    private static func rate(_ method: String, in records: [BenchRecord]) -> Double? {
        let own = records.filter { $0.method == method }
        let seconds = own.reduce(0) { $0 + $1.decodeSeconds }
        return seconds > 0 ? Double(own.reduce(0) { $0 + $1.generatedTokens }) / seconds : nil
    }
}
