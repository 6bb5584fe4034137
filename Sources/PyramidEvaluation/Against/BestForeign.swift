/// Finds the best of another program's methods.
public enum BestForeign {
    /// The name of the method of an engine with the most tokens per second over the prompts that
    /// all of its methods have decoded; `nil` without any.
    ///
    /// - Parameters:
    ///   - engine: Such as ``LlamaMethods/engine``.
    ///   - records: Of one bench.
    public static func method(of engine: String, in records: [BenchRecord]) -> String? {
        let methods = Dictionary(grouping: records.filter { $0.engine == engine }, by: \.method)
        let prompts = methods.values.map { Set($0.map(\.promptId)) }
        guard let first = prompts.first else { return nil }
        let common = prompts.reduce(first) { $0.intersection($1) }
        let speeds = methods.mapValues { records in
            let records = records.filter { common.contains($0.promptId) }
            let seconds = records.reduce(0) { $0 + $1.decodeSeconds }
            let tokens = records.reduce(0) { $0 + $1.generatedTokens }
            return seconds > 0 ? Double(tokens) / seconds : 0
        }
        // Of equals, always the same.
        return speeds.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    }
}
