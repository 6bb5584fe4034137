/// The same prompt by a method and by the one that it is compared with.
public struct SpeedPair: Sendable, Equatable {
    /// Tokens, and the time they took.
    public struct Run: Sendable, Equatable {
        /// Generated tokens.
        public var tokens: Double
        /// Their time.
        public var seconds: Double

        /// A run.
        public init(tokens: Double, seconds: Double) {
            self.tokens = tokens
            self.seconds = seconds
        }

        /// Adds another's.
        static func += (total: inout Run, other: Run) {
            total.tokens += other.tokens
            total.seconds += other.seconds
        }

        var rate: Double { tokens / seconds }
    }

    /// The method's run.
    public var method: Run
    /// The run that it is compared with.
    public var baseline: Run

    /// A pair.
    public init(method: Run, baseline: Run) {
        self.method = method
        self.baseline = baseline
    }

    /// The ratio of the rates of totals over prompts: all tokens over all seconds, on both sides.
    /// `nil` when a side has no tokens or no time.
    public static func speedup(of pairs: some Sequence<SpeedPair>) -> Double? {
        var method = Run(tokens: 0, seconds: 0)
        var baseline = method
        for pair in pairs {
            method += pair.method
            baseline += pair.baseline
        }
        let ratio = method.rate / baseline.rate
        return ratio.isFinite && ratio > 0 ? ratio : nil
    }
}
