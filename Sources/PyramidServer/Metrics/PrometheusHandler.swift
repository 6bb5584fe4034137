import Metrics
import Synchronization

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

    func lines(_ key: PrometheusRegistry.Key) -> [String] {
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
