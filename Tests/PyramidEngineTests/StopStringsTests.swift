import PyramidDecoding
import PyramidEngine
import Testing

@Suite struct StopStringsTests {
    /// What comes out when `text` goes in by pieces of `size` characters.
    private func output(_ text: String, stops: [String], size: Int) -> (text: String, stopped: Bool)
    {
        var stream = StopStrings(stops)
        var output = ""
        var rest = text[...]
        while !rest.isEmpty {
            let piece = TextPiece(
                text: String(rest.prefix(size)), author: Authorship(level: 0, kind: .drawn))
            rest = rest.dropFirst(size)
            let outcome = stream.outcome(appending: piece)
            output += outcome.pieces.map(\.text).joined()
            if outcome.isStopped { return (output, true) }
        }
        return (output + stream.flush().map(\.text).joined(), false)
    }

    @Test("The text ends right before the first stop string, however it is cut", arguments: 1...9)
    func stops(size: Int) {
        let text = "héllo wörld, ende: END and more END"
        #expect(output(text, stops: ["END", "zzz"], size: size) == ("héllo wörld, ende: ", true))
        #expect(output(text, stops: ["ö", "END"], size: size) == ("héllo w", true))
        #expect(output("aaab", stops: ["aab"], size: size) == ("a", true))
        #expect(output(text, stops: ["héllo"], size: size) == ("", true))
    }

    @Test("Text that only starts like a stop string comes out after all", arguments: 1...5)
    func nearMisses(size: Int) {
        for text in ["EN", "ENENE", "abcE", "no end", ""] {
            #expect(output(text, stops: ["END"], size: size) == (text, false))
        }
        #expect(output("anything", stops: ["", ""], size: size) == ("anything", false))
    }
}
