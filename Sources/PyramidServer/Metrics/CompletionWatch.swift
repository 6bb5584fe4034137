import PyramidEngine

/// The times of one request.
struct CompletionWatch: Sendable {
    private let metrics: ServerMetrics
    private let levels: [String]
    private let arrival: ContinuousClock.Instant
    private var last: [Int: ContinuousClock.Instant] = [:]

    init(metrics: ServerMetrics, levels: [String], arrival: ContinuousClock.Instant) {
        self.metrics = metrics
        self.levels = levels
        self.arrival = arrival
    }

    mutating func note(_ event: GenerationEvent, _ choice: Int) {
        let now = ContinuousClock.now
        switch event {
        case .token:
            if let before = last[choice] {
                metrics.addToken(now - before)
            } else {
                metrics.addFirstToken(now - arrival)
            }
            last[choice] = now
        case .text: break
        case .finished(let result): metrics.add(result, now - arrival, levels)
        }
    }
}
