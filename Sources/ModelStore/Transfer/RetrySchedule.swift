/// Decides whether a failed attempt is repeated, and after which pause.
struct RetrySchedule {
    private let delays: [Duration]
    private let worthwhileBytes: Int
    private var failures = 0
    private var bestBytes: Int

    /// A schedule for a download that begins at `startBytes`, of at most `limit` repetitions.
    init(_ options: TransferOptions, startBytes: Int = 0, limit: Int = .max) {
        delays = Array(options.retryDelays.prefix(limit))
        worthwhileBytes = options.worthwhileBytes
        bestBytes = startBytes
    }

    /// The pause before the next attempt, nil if it was the last one. A download that came further
    /// than ever, by a worthwhile amount, starts the count anew; one that falls back and catches up
    /// does not, or it would never end.
    mutating func pause(havingReached bytes: Int) -> Duration? {
        if bytes - bestBytes >= worthwhileBytes {
            failures = 0
            bestBytes = bytes
        }
        guard failures < delays.count else { return nil }
        defer { failures += 1 }
        return delays[failures]
    }

    /// Repeats `attempt` as long as its error is transient, twice at most: there is nothing to lose
    /// yet, and another source may be waiting.
    static func repeating<Value>(
        _ options: TransferOptions, _ attempt: () async throws -> Value
    ) async throws -> Value {
        var schedule = RetrySchedule(options, limit: 2)
        while true {
            do {
                return try await attempt()
            } catch let error as ModelStoreError where error.isTransient {
                guard let pause = schedule.pause(havingReached: 0) else { throw error }
                try await Task.sleep(for: pause)
            }
        }
    }
}
