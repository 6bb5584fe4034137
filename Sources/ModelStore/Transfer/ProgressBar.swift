/// Draws a ``TransferProgress`` as one line of text without a line end.
public struct ProgressBar: Sendable, Hashable {
    /// The width that a line has at most, in columns.
    public var width: Int

    /// Draws with `#` and `-` instead of block characters.
    public var isASCII: Bool

    /// Colours the bar with ANSI sequences, which take no columns.
    public var isColored: Bool

    /// A bar of `width` columns, 80 by default, with blocks and without colour.
    public init(width: Int = 80, isASCII: Bool = false, isColored: Bool = false) {
        self.width = width
        self.isASCII = isASCII
        self.isColored = isColored
    }

    /// The line for `progress`: name, bar, per cent, bytes, speed and time left. Where the columns
    /// do not suffice the bar goes first, then the end of the name.
    public func line(for progress: TransferProgress) -> String {
        let figures = Self.figures(progress)
        let room = max(0, width - figures.count - 1)
        let name = Self.shortened(progress.file, to: min(room, max(12, width / 3)))
        let columns = room - name.count - 1
        guard columns >= 8, let fraction = progress.fraction else {
            return String("\(name) \(figures)".prefix(max(0, width)))
        }
        return "\(name) \(bar(fraction, columns: columns)) \(figures)"
    }

    private func bar(_ fraction: Double, columns: Int) -> String {
        let full = Int((fraction * Double(columns)).rounded(.down))
        let done = String(repeating: isASCII ? "#" : "█", count: full)
        let rest = String(repeating: isASCII ? "-" : "░", count: columns - full)
        return isColored ? "\u{1B}[32m\(done)\u{1B}[0m\u{1B}[2m\(rest)\u{1B}[0m" : done + rest
    }

    private static func figures(_ progress: TransferProgress) -> String {
        var words: [String] = []
        if let fraction = progress.fraction {
            let percent = String(Int((fraction * 100).rounded(.down)))
            words.append(String(repeating: " ", count: 3 - percent.count) + percent + "%")
        }
        let total = progress.bytesTotal.map { "/" + amount($0) } ?? ""
        words.append(amount(progress.bytesDone) + total)
        if let speed = progress.bytesPerSecond {
            words.append(amount(Int(speed)) + "/s")
        }
        if let remaining = progress.remaining { words.append("ETA " + clock(remaining)) }
        return words.joined(separator: " ")
    }

    /// Bytes in powers of 1000 with one decimal: `98.4MB`.
    static func amount(_ bytes: Int) -> String {
        guard bytes >= 1000 else { return "\(bytes)B" }
        var value = Double(bytes) / 1000
        var unit = "kB"
        for next in ["MB", "GB", "TB"] where value >= 999.95 {
            value /= 1000
            unit = next
        }
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)\(unit)"
    }

    /// Minutes and seconds, with hours from one on: `1:05`, `2:00:07`.
    static func clock(_ duration: Duration) -> String {
        // A crawling download would name years: more than 99 hours is no estimate.
        let seconds = min(359_999, Int((duration / .seconds(1)).rounded(.up)))
        let pad = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
        return hours > 0
            ? "\(hours):\(pad(minutes)):\(pad(seconds % 60))" : "\(minutes):\(pad(seconds % 60))"
    }

    private static func shortened(_ name: String, to columns: Int) -> String {
        guard name.count > columns else { return name }
        return columns > 2 ? name.prefix(columns - 2) + ".." : String(name.prefix(columns))
    }
}
