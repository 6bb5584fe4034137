/// Turns bytes that arrive token by token into whole characters.
package struct UTF8Stream {
    private var pending: [UInt8] = []

    package init() {}

    /// The text that `bytes` completes; what may still become a character is kept back, and what
    /// cannot is repaired with U+FFFD.
    package mutating func text(appending bytes: [UInt8]) -> String {
        pending += bytes
        let complete = pending.count - Self.incompleteSuffix(of: pending)
        defer { pending.removeFirst(complete) }
        return String(decoding: pending[..<complete], as: UTF8.self)
    }

    /// What is left at the end of the stream, repaired.
    package mutating func finish() -> String {
        defer { pending.removeAll() }
        return String(decoding: pending, as: UTF8.self)
    }

    /// How many last bytes are the start of a character that needs more.
    private static func incompleteSuffix(of bytes: [UInt8]) -> Int {
        for length in 1...3 where length <= bytes.count {
            let byte = bytes[bytes.count - length]
            if byte & 0b1100_0000 == 0b1000_0000 { continue }
            return length < Self.length(ofCharacterStartingWith: byte) ? length : 0
        }
        return 0
    }

    private static func length(ofCharacterStartingWith byte: UInt8) -> Int {
        switch byte {
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: 1
        }
    }
}
