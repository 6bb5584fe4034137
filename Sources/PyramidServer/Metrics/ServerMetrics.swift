public import Metrics
import PyramidDecoding
import PyramidEngine

/// What the server counts, by way of swift-metrics: in Prometheus' text at `/metrics`, or in
/// whatever an embedding program gives as its factory.
public final class ServerMetrics: Sendable {
    private let factory: any MetricsFactory
    private let registry: PrometheusRegistry?
    private let promptTokens: Counter
    private let predictedTokens: Counter
    private let firstToken: Metrics.Timer
    private let betweenTokens: Metrics.Timer
    private let wholeRequest: Metrics.Timer
    private let running: Meter
    private let waiting: Meter

    /// Metrics that a registry of their own keeps.
    public convenience init() {
        let registry = PrometheusRegistry(help: Self.help)
        self.init(factory: registry, registry: registry)
    }

    /// Metrics that go to `factory`; `/metrics` is empty then.
    public convenience init(factory: any MetricsFactory) {
        self.init(factory: factory, registry: nil)
    }

    private init(factory: any MetricsFactory, registry: PrometheusRegistry?) {
        self.factory = factory
        self.registry = registry
        promptTokens = Counter(label: Name.promptTokens, factory: factory)
        predictedTokens = Counter(label: Name.predictedTokens, factory: factory)
        firstToken = Metrics.Timer(label: Name.firstToken, factory: factory)
        betweenTokens = Metrics.Timer(label: Name.betweenTokens, factory: factory)
        wholeRequest = Metrics.Timer(label: Name.wholeRequest, factory: factory)
        running = Meter(label: Name.running, factory: factory)
        waiting = Meter(label: Name.waiting, factory: factory)
    }

    /// All of them in Prometheus' text format.
    var text: String { registry?.text ?? "" }

    func set(running: Int, waiting: Int) {
        self.running.set(Double(running))
        self.waiting.set(Double(waiting))
    }

    /// Makes the counters of levels that have drafted nothing yet appear as zeros.
    public func prepare(levels: [String]) {
        for level in levels.dropLast() { add(LevelStatistics(), level) }
    }

    /// Watches a request that came at `arrival`.
    func watch(_ model: ServedModel, since arrival: ContinuousClock.Instant) -> CompletionWatch {
        CompletionWatch(metrics: self, levels: model.levels, arrival: arrival)
    }

    // MARK: - What a request adds

    func addFirstToken(_ time: Duration) { firstToken.record(duration: time) }

    func addToken(_ time: Duration) { betweenTokens.record(duration: time) }

    func add(_ result: GenerationResult, _ time: Duration, _ levels: [String]) {
        wholeRequest.record(duration: time)
        promptTokens.increment(by: result.promptTokens)
        predictedTokens.increment(by: result.tokens.count)
        Counter(
            label: Name.requests, dimensions: [("finish_reason", result.reason.apiName)],
            factory: factory
        ).increment()
        for (level, statistics) in zip(levels, result.levels).dropLast() { add(statistics, level) }
    }

    private func add(_ statistics: LevelStatistics, _ level: String) {
        func count(_ name: String, _ amount: Int, _ more: [(String, String)] = []) {
            Counter(label: name, dimensions: [("level", level)] + more, factory: factory)
                .increment(by: amount)
        }
        count(Name.drafts, statistics.verifications)
        count(Name.draftTokens, statistics.proposed)
        count(Name.acceptedTokens, statistics.accepted)
        let lengths = statistics.acceptedLengths
        for position in 0..<min(max(lengths.count - 1, 1), Self.mostPositions) {
            // Accepted at this place: all verifications that accepted more than come before it.
            let accepted = lengths.dropFirst(position + 1).reduce(0, +)
            count(Name.acceptedByPosition, accepted, [("position", "\(position)")])
        }
    }

    private static let mostPositions = 32

    private enum Name {
        static let promptTokens = "llamacpp:prompt_tokens_total"
        static let predictedTokens = "llamacpp:tokens_predicted_total"
        static let running = "llamacpp:requests_processing"
        static let waiting = "llamacpp:requests_deferred"
        static let requests = "pyramid:requests_total"
        static let firstToken = "pyramid:time_to_first_token_seconds"
        static let betweenTokens = "pyramid:inter_token_latency_seconds"
        static let wholeRequest = "pyramid:e2e_request_latency_seconds"
        static let drafts = "pyramid:spec_decode_num_drafts_total"
        static let draftTokens = "pyramid:spec_decode_num_draft_tokens_total"
        static let acceptedTokens = "pyramid:spec_decode_num_accepted_tokens_total"
        static let acceptedByPosition = "pyramid:spec_decode_num_accepted_tokens_per_pos_total"
    }

    private static let help = [
        Name.promptTokens: "Prompt tokens of finished requests.",
        Name.predictedTokens: "Generated tokens of finished requests.",
        Name.running: "Requests that are being decoded.",
        Name.waiting: "Requests that wait for a place.",
        Name.requests: "Finished requests by the reason for their end.",
        Name.firstToken: "Seconds from a request's arrival to its first token.",
        Name.betweenTokens: "Seconds between two tokens of a request.",
        Name.wholeRequest: "Seconds from a request's arrival to its end.",
        Name.drafts: "Verifications of a level's proposals by the level above.",
        Name.draftTokens: "Tokens that a level proposed to the level above.",
        Name.acceptedTokens: "Those of them that it accepted.",
        Name.acceptedByPosition: "Those of them by their place in the proposal.",
    ]
}
