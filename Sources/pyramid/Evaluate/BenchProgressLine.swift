import Foundation
import PyramidEvaluation

/// A bench's progress on standard error: one line that moves on a terminal, and elsewhere a line
/// for each twentieth.
struct BenchProgressLine {
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private var twentieth = 0

    mutating func show(_ record: BenchRecord, _ progress: BenchProgress) {
        let share = progress.done * 20 / progress.total
        defer { twentieth = share }
        guard isTerminal || share > twentieth || progress.done == 1 else { return }
        let rate = record.tokensPerSecond.map { ", \($0.text(1)) tokens/s" } ?? ""
        let left = progress.timeLeft.map { "\(Self.clock($0)) left" } ?? ""
        show(
            "\(progress.done)/\(progress.total), \(left): \(record.promptId) by \(record.method)"
                + rate)
    }

    func show(_ text: String) {
        StandardError.write(isTerminal ? "\r\u{1B}[K" + text.prefix(110) : text + "\n")
    }

    func finish() {
        if isTerminal { StandardError.write("\r\u{1B}[K") }
    }

    private static func clock(_ time: Duration) -> String {
        time.formatted(.time(pattern: time < .seconds(3600) ? .minuteSecond : .hourMinuteSecond))
    }
}
