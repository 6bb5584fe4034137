/// What each method costs in quality, for each category and over all.
public struct EvaluationSummary: Sendable {
    /// The figures of one method.
    public struct Row: Sendable, Equatable {
        /// The method.
        public var method: String
        /// The category; `nil` is all prompts.
        public var category: String?
        /// How many prompts it answered.
        public var items: Int
        /// How many answers ended at the limit of tokens: their scores say little.
        public var cut = 0
        /// Right answers of those that were checked; `nil` when none was.
        public var correct: Proportion?
        /// Texts that are the baseline's, token by token; `nil` without a baseline, and where
        /// equal texts are not to be expected, as of laws sampled independently.
        public var identical: Proportion?
        /// The mean tokens before the first that differs from the baseline's.
        public var identicalPrefix: Estimate?
        /// The mean total variation of a token's law from the target's.
        public var totalVariation: Estimate?
        /// The Kullback-Leibler divergence of a token's law from the target's, in nats; infinite
        /// when a token came that the target's law does not have.
        public var divergence: Estimate?
        /// Such tokens.
        public var impossibleTokens = 0
        /// The text's perplexity under the target.
        public var perplexity: Estimate?
        /// How many nats a token is less likely under the target than the baseline's tokens are,
        /// by pairs of texts.
        public var excessSurprise: Estimate?
        /// Tokens per second of decoding.
        public var tokensPerSecond: Double?
    }

    /// The method that the others are compared with.
    public static let baseline = "plain"

    /// The rows: by category in the order of the prompts, then over all; methods in turn.
    public let rows: [Row]

    /// Summarizes records.
    ///
    /// - Parameters:
    ///   - records: One of each method and prompt.
    ///   - comparesTexts: Whether texts are to be compared: they are greedy, or all of one seed.
    public init(_ records: [EvaluationRecord], comparesTexts: Bool) {
        let methods = Self.distinct(records.map(\.method))
        let categories = Self.distinct(records.map(\.category))
        let plain = Dictionary(
            records.filter { $0.method == Self.baseline }.map { ($0.promptId, $0) },
            uniquingKeysWith: { _, last in last })
        let groups = categories.map { Optional($0) } + (categories.count > 1 ? [nil] : [])
        rows = groups.flatMap { category in
            methods.compactMap { method in
                let own = records.filter {
                    $0.method == method && (category == nil || $0.category == category)
                }
                guard !own.isEmpty else { return nil }
                var row = Self.row(own, method, category)
                let pairs = own.compactMap { record in
                    plain[record.promptId].map { Pair(record: record, plain: $0) }
                }
                row.compare(pairs, comparesTexts: comparesTexts)
                return row
            }
        }
    }

    /// A prompt's answers by a method and by the baseline.
    fileprivate struct Pair {
        var record: EvaluationRecord
        var plain: EvaluationRecord
    }

    private static func row(
        _ records: [EvaluationRecord], _ method: String, _ category: String?
    ) -> Row {
        var row = Row(method: method, category: category, items: records.count)
        row.cut = records.count { $0.finishReason == "length" }
        let verdicts = records.compactMap(\.isCorrect)
        if !verdicts.isEmpty {
            row.correct = Proportion(successes: verdicts.count { $0 }, count: verdicts.count)
        }
        row.totalVariation = Bootstrap().estimate([records]) { groups in
            let known = groups.joined().filter { $0.meanTotalVariation != nil }
            return ratio(
                known.map { ($0.meanTotalVariation ?? 0) * Double($0.tokens.count) },
                known.map { Double($0.tokens.count) })
        }
        row.impossibleTokens = records.reduce(0) { $0 + ($1.impossibleTokens ?? 0) }
        row.divergence = Bootstrap().estimate([records]) { groups in
            let known = groups.joined().filter { $0.logRatio != nil }
            return ratio(known.map { $0.logRatio ?? 0 }, known.map { Double($0.tokens.count) })
        }
        row.perplexity = Bootstrap().estimate([records.compactMap(\.surprise)]) { groups in
            var total = TextSurprise()
            for surprise in groups.joined() { total += surprise }
            return total.perplexity
        }
        row.tokensPerSecond = ratio(
            records.map { Double($0.tokens.count) }, records.map(\.decodeSeconds))
        return row
    }

    fileprivate static func ratio(_ numerators: [Double], _ denominators: [Double]) -> Double? {
        let total = denominators.reduce(0, +)
        return total > 0 ? numerators.reduce(0, +) / total : nil
    }

    /// Each value once, in the order of its first.
    private static func distinct(_ values: [String]) -> [String] {
        var seen: Set<String> = []
        return values.filter { seen.insert($0).inserted }
    }
}

extension EvaluationSummary.Row {
    fileprivate mutating func compare(
        _ pairs: [EvaluationSummary.Pair], comparesTexts: Bool
    ) {
        guard !pairs.isEmpty else { return }
        if comparesTexts {
            let agreements = pairs.map { TextAgreement($0.record.tokens, with: $0.plain.tokens) }
            identical = Proportion(
                successes: agreements.count { $0.isIdentical }, count: agreements.count)
            identicalPrefix = Bootstrap().mean(agreements.map { Double($0.identicalPrefix) })
        }
        excessSurprise = Bootstrap().estimate([pairs]) { groups in
            Self.meanNats(groups.joined().map(\.record)).flatMap { own in
                Self.meanNats(groups.joined().map(\.plain)).map { own - $0 }
            }
        }
    }

    private static func meanNats(_ records: [EvaluationRecord]) -> Double? {
        let surprises = records.compactMap(\.surprise)
        return EvaluationSummary.ratio(surprises.map(\.nats), surprises.map { Double($0.tokens) })
    }
}
