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
