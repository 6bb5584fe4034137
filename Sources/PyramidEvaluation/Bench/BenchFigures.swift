/// What a method did on a set of prompts.
public struct BenchFigures: Sendable, Equatable {
    /// The names of its levels, bottom first; the last is the target.
    public var levels: [String]
    /// How many prompts.
    public var prompts: Int
    /// Generated tokens per second of decoding; `nil` when no time passed.
    public var tokensPerSecond: Double?
    /// The same over the time of reading the prompts too.
    public var tokensPerSecondWithPrefill: Double?
    /// The ratio to plain decoding, prefill excluded; `nil` for plain decoding itself, and without
    /// prompts in common.
    public var speedup: Estimate?
    /// The same with prefill.
    public var speedupWithPrefill: Estimate?
    /// The mean accepted length: tokens per forward of the target, 1 for plain decoding; `nil` for
    /// other programs.
    public var tokensPerTargetForward: Double?
    /// The share of the text that each level wrote, 0 ... 1; empty for other programs.
    public var authorship: [Double]
    /// On how many prompts the text is not plain decoding's; `nil` where that says nothing.
    public var differingTexts: Int?
    /// Whether it must be plain decoding's: greedy, by exact rules.
    public var mustMatch = false
    /// Whether the text may have another law than the target's.
    public var isLossy: Bool
    /// The mean over tokens of the total variation from the target's law; `nil` where it was not
    /// measured.
    public var meanTotalVariation: Double?

    /// The figures that need no other method.
    init(_ records: [BenchRecord]) {
        levels = records.first?.levels ?? []
        prompts = Set(records.map(\.promptId)).count
        isLossy = records.contains(where: \.isLossy)
        let tokens = records.reduce(0) { $0 + $1.generatedTokens }
        tokensPerSecond = Self.ratio(
            Double(tokens), records.reduce(0) { $0 + $1.decodeSeconds })
        tokensPerSecondWithPrefill = Self.ratio(
            Double(tokens), records.reduce(0) { $0 + $1.wholeSeconds })
        let forwards = records.reduce(0) { $0 + ($1.levelStatistics.last?.forwards ?? 0) }
        tokensPerTargetForward = Self.ratio(Double(tokens), Double(forwards))
        let written = levels.indices.map { level in
            records.reduce(0) { sum, record in
                let statistics = record.levelStatistics
                return sum + (level < statistics.count ? statistics[level].written : 0)
            }
        }
        let total = Double(written.reduce(0, +))
        authorship = total > 0 ? written.map { Double($0) / total } : []
        let measured = records.filter { $0.meanTotalVariation != nil }
        meanTotalVariation = Self.ratio(
            measured.reduce(0) { $0 + ($1.meanTotalVariation ?? 0) * Double($1.generatedTokens) },
            Double(measured.reduce(0) { $0 + $1.generatedTokens }))
    }

    private static func ratio(_ numerator: Double, _ denominator: Double) -> Double? {
        denominator > 0 ? numerator / denominator : nil
    }
}
