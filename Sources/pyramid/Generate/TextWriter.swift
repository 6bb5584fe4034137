import PyramidDecoding
import PyramidEngine

/// Writes text as it comes, painted by author if asked for.
struct TextWriter {
    /// All text so far.
    private(set) var text = ""
    private let isShown: Bool
    private let colors: [String]?
    private var painted: Int?

    /// The colours of the levels from the target down: the default one for the target itself.
    private static let palette = ["39", "36", "33", "35", "32", "34"]

    init(_ flags: OutputFlags, levelCount: Int) {
        isShown = !flags.json
        let wantsColor =
            flags.color && (Environment.variables["NO_COLOR"] ?? "").isEmpty && !flags.json
        colors =
            wantsColor
            ? (0..<levelCount).map { Self.palette[(levelCount - 1 - $0) % Self.palette.count] }
            : nil
    }

    mutating func write(_ piece: TextPiece) throws {
        text += piece.text
        guard isShown else { return }
        var shown = piece.text
        if let colors, painted != piece.author.level {
            shown = "\u{1B}[\(colors[piece.author.level])m" + shown
            painted = piece.author.level
        }
        try StandardOutput.write(shown)
    }

    func finish() throws {
        guard isShown, !text.isEmpty else { return }
        if painted != nil { try StandardOutput.write("\u{1B}[0m") }
        if !text.hasSuffix("\n") { try StandardOutput.write("\n") }
    }
}
