import PyramidEngine
import Testing

@Suite struct UTF8StreamTests {
    @Test("Characters that are spread over tokens come out whole", arguments: 1...7)
    func whole(size: Int) {
        let text = "aé€😀z, 日本語 – ok"
        var stream = UTF8Stream()
        var output = ""
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            let piece = stream.text(appending: Array(bytes[start..<min(start + size, bytes.count)]))
            #expect(!piece.contains("\u{FFFD}"))
            output += piece
        }
        #expect(output + stream.finish() == text)
    }

    @Test("Bytes that can never become a character are repaired at once")
    func repaired() {
        var stream = UTF8Stream()
        #expect(stream.text(appending: [0x61, 0xFF, 0x62]) == "a\u{FFFD}b")
        #expect(stream.text(appending: [0x80]) == "\u{FFFD}")
        #expect(stream.text(appending: [0xE2, 0x82]) == "")
        #expect(stream.finish() == "\u{FFFD}")
        #expect(stream.finish() == "")
    }
}
