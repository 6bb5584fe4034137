import Synchronization

/// Turns byte counts into progress reports: measures the speed and reports ten times a second at
/// most.
final class ProgressMeter: Sendable {
    private struct State {
        var start: ContinuousClock.Instant
        var startBytes = 0
        /// Bytes on their way count too: what replaces them must not seem a step back.
        var bestBytes = 0
        var lastReport: ContinuousClock.Instant?
        var bytesTotal: Int?
    }

    private let file: String
    private let source: ModelSource
    private let report: @Sendable (TransferProgress) -> Void
    private let state: Mutex<State>

    init(
        file: ModelFile, source: ModelSource, report: @escaping @Sendable (TransferProgress) -> Void
    ) {
        self.file = file.name
        self.source = source
        self.report = report
        state = Mutex(State(start: .now, bytesTotal: file.bytes))
    }

    /// Begins to measure at `bytes`, of `total` if known.
    func restart(at bytes: Int, total: Int?) {
        state.withLock {
            $0 = State(start: .now, startBytes: bytes, bestBytes: bytes, bytesTotal: total)
        }
        advance(to: bytes)
    }

    /// Reports `bytes`, or more if more was reported since the start, unless a report has just been
    /// made; `isLast` reports in any case.
    func advance(to bytes: Int, isLast: Bool = false) {
        let progress: TransferProgress? = state.withLock { state in
            let now = ContinuousClock.now
            let ahead = min(max(bytes, state.bestBytes), state.bytesTotal ?? .max)
            let bytes = isLast ? bytes : ahead
            state.bestBytes = bytes
            if !isLast, let last = state.lastReport, now - last < .milliseconds(100) { return nil }
            state.lastReport = now
            let seconds = (now - state.start) / .seconds(1)
            let gained = Double(bytes - state.startBytes)
            return TransferProgress(
                file: file, source: source, bytesDone: bytes, bytesTotal: state.bytesTotal,
                bytesPerSecond: seconds > 0 && gained > 0 ? gained / seconds : nil)
        }
        if let progress { report(progress) }
    }
}
