/// The fastest cell of each kind of setting, beside what was published.
public struct SweepSummary: Sendable {
    /// One kind of setting.
    public struct Row: Sendable, Equatable {
        /// The fastest cell.
        public var fastest: SweepRecord
        /// Its tokens per second over those of the reference; of speculative decoding and plain
        /// decoding themselves, over those of the fastest cell of speculative decoding.
        public var ratio: Estimate?
        /// What was published; `nil` for plain decoding.
        public var published: PublishedResult?
    }

    /// A row for each kind of setting that has a cell.
    public let rows: [Row]

    /// Summarizes records.
    public init(_ records: [SweepRecord]) {
        let fastest = SweepCell.Group.allCases.compactMap { group in
            records.filter { $0.group == group }.max { Self.speed($0) < Self.speed($1) }
        }
        let reference = fastest.first { $0.group == .sd }?.tokensPerSecond
        rows = fastest.map { record in
            var ratio = record.ratioToReference
            if record.group.isReference, let own = record.tokensPerSecond, let reference {
                ratio = Estimate(value: own / reference)
            }
            return Row(
                fastest: record, ratio: ratio,
                published: PublishedResult.all.first { $0.group == record.group })
        }
    }

    /// By the ratio where there is one: it does not hang on when the cell ran.
    private static func speed(_ record: SweepRecord) -> Double {
        record.ratioToReference?.value ?? record.tokensPerSecond ?? 0
    }
}
