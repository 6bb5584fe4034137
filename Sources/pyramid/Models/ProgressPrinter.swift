import Foundation
import ModelStore
import Synchronization

/// Shows a download's progress: one line that moves on a terminal, a line per tenth elsewhere.
final class ProgressPrinter: Sendable {
    private let bar: ProgressBar
    private let isTerminal: Bool
    private let isQuiet: Bool
    private let lastTenth = Mutex(-1)

    init(bar: ProgressBar, isTerminal: Bool, isQuiet: Bool) {
        self.bar = bar
        self.isTerminal = isTerminal
        self.isQuiet = isQuiet
    }

    func show(_ progress: TransferProgress) {
        guard !isQuiet else { return }
        if isTerminal {
            StandardError.write("\r\u{1B}[K" + bar.line(for: progress))
            return
        }
        let tenth = Int((progress.fraction ?? 0) * 10)
        let isNew = lastTenth.withLock { last in
            defer { last = tenth }
            return tenth != last
        }
        if isNew { StandardError.write(bar.line(for: progress) + "\n") }
    }

    func finish() {
        if isTerminal, !isQuiet { StandardError.write("\r\u{1B}[K") }
    }
}
