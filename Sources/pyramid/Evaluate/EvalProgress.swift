import Foundation

/// A line on standard error that says how far a run is: one that moves on a terminal, one every
/// half minute elsewhere.
final class EvalProgress {
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let clock = ContinuousClock()
    private let began = ContinuousClock.now
    private var lastShown: ContinuousClock.Instant?

    /// - Parameters:
    ///   - done: Answers of this run.
    ///   - total: How many there will be.
    ///   - what: What was answered last.
    func show(_ done: Int, of total: Int, _ what: String) {
        let now = clock.now
        guard isTerminal || lastShown.map({ now - $0 >= .seconds(30) }) ?? true || done == total
        else { return }
        lastShown = now
        let left = done > 0 ? (now - began) * max(0, total - done) / done : .zero
        let time = left.formatted(.time(pattern: .hourMinuteSecond))
        let line = "\(done) of \(total), \(time) left: \(what)"
        StandardError.write(isTerminal ? "\r\u{1B}[K\(line)" : "\(line)\n")
    }

    func finish() {
        if isTerminal { StandardError.write("\r\u{1B}[K") }
    }
}
