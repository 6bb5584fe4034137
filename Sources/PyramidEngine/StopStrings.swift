/// Finds stop strings in a stream of pieces, and keeps back text that may become one.
package struct StopStrings {
    private let stops: [[UInt8]]
    /// Pieces that are not yet safe to give out.
    private var held: [TextPiece] = []

    package init(_ stops: [String]) {
        self.stops = stops.map { Array($0.utf8) }.filter { !$0.isEmpty }
    }

    /// What a piece lets out.
    package struct Outcome {
        package var pieces: [TextPiece]
        /// Whether a stop string was found; `pieces` then ends right before it.
        package var isStopped: Bool
    }

    /// Takes in a piece.
    package mutating func outcome(appending piece: TextPiece) -> Outcome {
        held.append(piece)
        guard !stops.isEmpty else { return Outcome(pieces: flush(), isStopped: false) }
        let text = held.flatMap { Array($0.text.utf8) }
        if let stop = stops.compactMap({ firstIndex(of: $0, in: text) }).min() {
            let pieces = release(stop)
            held.removeAll()
            return Outcome(pieces: pieces, isStopped: true)
        }
        let kept = stops.map { longestSuffix(of: text, thatStarts: $0) }.max() ?? 0
        return Outcome(pieces: release(text.count - kept), isStopped: false)
    }

    /// What is still kept back, at the end of the stream.
    package mutating func flush() -> [TextPiece] {
        defer { held.removeAll() }
        return held
    }

    /// The first `count` bytes of what is held; a stop string starts and ends at a character.
    private mutating func release(_ count: Int) -> [TextPiece] {
        var rest = count
        var released: [TextPiece] = []
        while rest > 0, let first = held.first {
            let size = first.text.utf8.count
            if size <= rest {
                released.append(held.removeFirst())
                rest -= size
            } else {
                let head = String(decoding: first.text.utf8.prefix(rest), as: UTF8.self)
                let tail = String(decoding: first.text.utf8.dropFirst(rest), as: UTF8.self)
                released.append(TextPiece(text: head, author: first.author))
                held[0].text = tail
                rest = 0
            }
        }
        return released
    }

    private func firstIndex(of stop: [UInt8], in text: [UInt8]) -> Int? {
        guard stop.count <= text.count else { return nil }
        return (0...(text.count - stop.count)).first { text[$0...].starts(with: stop) }
    }

    private func longestSuffix(of text: [UInt8], thatStarts stop: [UInt8]) -> Int {
        let longest = min(stop.count - 1, text.count)
        return stride(from: longest, to: 0, by: -1).first {
            text.suffix($0).elementsEqual(stop.prefix($0))
        } ?? 0
    }
}
