/// The figures of a bench, computed from its records.
///
/// Rates are those of totals: all tokens over all seconds. Ratios are to the method `plain` on the
/// same prompts, with an interval over prompts; the repetitions of a prompt are averaged first.
public struct BenchSummary: Sendable {
    /// The method that others are compared with.
    public static let baseline = "plain"

    /// The methods, in the order of the records.
    public let methods: [String]
    /// The categories, in the order of the records.
    public let categories: [String]
    private let records: [String: [BenchRecord]]
    private let bootstrap: Bootstrap

    /// A summary of records of one or more runs.
    public init(_ records: [BenchRecord], bootstrap: Bootstrap = Bootstrap()) {
        methods = records.map(\.method).firstOccurrences
        categories = records.map(\.category).firstOccurrences
        self.records = Dictionary(grouping: records, by: \.method)
        self.bootstrap = bootstrap
    }

    /// A method's figures in a category, or in all of them together; `nil` without records.
    public func figures(_ method: String, in category: String? = nil) -> BenchFigures? {
        let own = records(method, category)
        guard let first = own.first else { return nil }
        var figures = BenchFigures(own)
        let pairs = self.pairs(method, category)
        if method != Self.baseline {
            figures.speedup = bootstrap.speedup(pairs.map(\.decoding))
            figures.speedupWithPrefill = bootstrap.speedup(pairs.map(\.whole))
        }
        // Another program may round otherwise, and a sampled text has no reason to be the same.
        let isComparable = first.temperature == 0 && first.textHash != nil
        if isComparable, method != Self.baseline {
            figures.differingTexts = pairs.count { $0.differs }
            figures.mustMatch = first.engine == "pyramid" && !first.isLossy
        }
        return figures
    }

    /// The geometric mean over categories of a method's ratio to plain decoding, prefill excluded.
    public func meanSpeedup(_ method: String) -> Estimate? {
        guard method != Self.baseline else { return nil }
        let pairs = categories.map { self.pairs(method, $0).map(\.decoding) }
        return bootstrap.meanSpeedup(pairs.filter { !$0.isEmpty })
    }

    private func records(_ method: String, _ category: String?) -> [BenchRecord] {
        (records[method] ?? []).filter { category == nil || $0.category == category }
    }

    /// A prompt by a method and by plain decoding.
    private struct Pair {
        var decoding: SpeedPair
        var whole: SpeedPair
        var differs: Bool
    }

    private func pairs(_ method: String, _ category: String?) -> [Pair] {
        let own = records(method, category)
        let byPrompt = Dictionary(grouping: own, by: \.promptId)
        let plain = Dictionary(grouping: records(Self.baseline, category), by: \.promptId)
        return own.map(\.promptId).firstOccurrences.compactMap { prompt in
            guard let own = byPrompt[prompt], let plain = plain[prompt] else { return nil }
            let hashes = Set((own + plain).map(\.textHash))
            return Pair(
                decoding: SpeedPair(
                    method: .mean(own, \.decodeSeconds), baseline: .mean(plain, \.decodeSeconds)),
                whole: SpeedPair(
                    method: .mean(own, \.wholeSeconds), baseline: .mean(plain, \.wholeSeconds)),
                differs: hashes.count > 1)
        }
    }
}

extension BenchRecord {
    /// The time of reading the prompt and of generating.
    var wholeSeconds: Double { prefillSeconds + decodeSeconds }
}

extension SpeedPair.Run {
    fileprivate static func mean(
        _ records: [BenchRecord], _ seconds: KeyPath<BenchRecord, Double>
    ) -> Self {
        let count = Double(records.count)
        return Self(
            tokens: records.reduce(0) { $0 + Double($1.generatedTokens) } / count,
            seconds: records.reduce(0) { $0 + $1[keyPath: seconds] } / count)
    }
}

extension Sequence where Element: Hashable {
    /// Each element once, in the order of their first occurrence.
    var firstOccurrences: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
