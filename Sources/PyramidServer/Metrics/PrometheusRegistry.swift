import Foundation
public import Metrics
import Synchronization

/// A backend of swift-metrics that writes Prometheus' text format (version 0.0.4).
public final class PrometheusRegistry: MetricsFactory {
    /// A metric by its name and labels.
    struct Key: Hashable, Comparable {
        var name: String
        var labels: String

        static func < (a: Key, b: Key) -> Bool { (a.name, a.labels) < (b.name, b.labels) }
    }

    private let handlers = Mutex<[Key: PrometheusHandler]>([:])
    private let help: [String: String]
    private let buckets: [Double]

    /// An empty registry.
    ///
    /// - Parameters:
    ///   - help: What each metric means, by its name.
    ///   - buckets: Upper bounds of the histograms' buckets, ascending.
    public init(
        help: [String: String] = [:],
        buckets: [Double] = [
            0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120,
            300,
        ]
    ) {
        self.help = help
        self.buckets = buckets
    }

    /// All metrics.
    public var text: String {
        let sorted = handlers.withLock { $0.sorted { $0.key < $1.key } }
        var lines: [String] = []
        var last = ""
        for (key, handler) in sorted {
            if key.name != last {
                last = key.name
                lines.append("# HELP \(key.name) \(help[key.name] ?? key.name)")
                lines.append("# TYPE \(key.name) \(handler.kind.rawValue)")
            }
            lines += handler.lines(key)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: MetricsFactory

    /// A counter with these labels.
    public func makeCounter(
        label: String, dimensions: [(String, String)]
    ) -> any CounterHandler { handler(.counter, label, dimensions) }

    /// A histogram, or a gauge where values are not aggregated.
    public func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler { handler(aggregate ? .histogram : .gauge, label, dimensions) }

    /// A gauge with these labels.
    public func makeMeter(
        label: String, dimensions: [(String, String)]
    ) -> any MeterHandler { handler(.gauge, label, dimensions) }

    /// A histogram of seconds.
    public func makeTimer(
        label: String, dimensions: [(String, String)]
    ) -> any TimerHandler { handler(.histogram, label, dimensions) }

    /// Forgets a metric.
    public func destroyCounter(_ handler: any CounterHandler) { remove(handler) }
    /// Forgets a metric.
    public func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }
    /// Forgets a metric.
    public func destroyMeter(_ handler: any MeterHandler) { remove(handler) }
    /// Forgets a metric.
    public func destroyTimer(_ handler: any TimerHandler) { remove(handler) }

    private func handler(
        _ kind: PrometheusHandler.Kind, _ name: String, _ dimensions: [(String, String)]
    ) -> PrometheusHandler {
        let labels = dimensions.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",")
        return handlers.withLock { handlers in
            let key = Key(name: name, labels: labels)
            if let known = handlers[key] { return known }
            let new = PrometheusHandler(kind, buckets: kind == .histogram ? buckets : [])
            handlers[key] = new
            return new
        }
    }

    private func remove(_ handler: Any) {
        guard let handler = handler as? PrometheusHandler else { return }
        handlers.withLock { handlers in
            for (key, known) in handlers where known === handler { handlers[key] = nil }
        }
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing(
            "\n", with: "\\n")
    }
}

/// One metric with one set of labels.
final class PrometheusHandler: CounterHandler, RecorderHandler, MeterHandler, TimerHandler {
    enum Kind: String {
        case counter
        case gauge
        case histogram
    }

    private struct State {
        var value = 0.0
        var counts: [Int]
        var count = 0
    }

    let kind: Kind
    private let buckets: [Double]
    private let state: Mutex<State>

    init(_ kind: Kind, buckets: [Double]) {
        self.kind = kind
        self.buckets = buckets
        state = Mutex(State(counts: Array(repeating: 0, count: buckets.count)))
    }

    func increment(by amount: Int64) { add(Double(amount)) }
    func reset() { set(0.0) }
    func record(_ value: Int64) { record(Double(value)) }
    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
    func set(_ value: Int64) { set(Double(value)) }
    func increment(by amount: Double) { add(amount) }
    func decrement(by amount: Double) { add(-amount) }

    func set(_ value: Double) { state.withLock { $0.value = value } }

    /// A value of a histogram, or what a gauge is now.
    func record(_ value: Double) {
        guard kind == .histogram else { return set(value) }
        state.withLock { state in
            state.value += value
            state.count += 1
            if let bucket = buckets.firstIndex(where: { value <= $0 }) { state.counts[bucket] += 1 }
        }
    }

    private func add(_ amount: Double) { state.withLock { $0.value += amount } }

    fileprivate func lines(_ key: PrometheusRegistry.Key) -> [String] {
        let state = state.withLock { $0 }
        let labels = key.labels.isEmpty ? "" : "{\(key.labels)}"
        guard kind == .histogram else { return ["\(key.name)\(labels) \(Self.text(state.value))"] }
        var below = 0
        var lines: [String] = []
        let start = key.labels.isEmpty ? "" : key.labels + ","
        for (bound, count) in zip(buckets, state.counts) {
            below += count
            lines.append("\(key.name)_bucket{\(start)le=\"\(Self.text(bound))\"} \(below)")
        }
        lines.append("\(key.name)_bucket{\(start)le=\"+Inf\"} \(state.count)")
        lines.append("\(key.name)_sum\(labels) \(Self.text(state.value))")
        lines.append("\(key.name)_count\(labels) \(state.count)")
        return lines
    }

    private static func text(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
    }
}
