extension JSONValue {
    /// Reads a JSON text.
    ///
    /// - Throws: ``GrammarError`` that names the byte where it is no JSON.
    public init(parsing text: some StringProtocol) throws(GrammarError) {
        var reader = JSONReader(Array(text.utf8))
        self = try reader.document()
    }
}

/// Reads JSON from bytes of UTF-8.
private struct JSONReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func document() throws(GrammarError) -> JSONValue {
        let value = try value(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw failure("something follows the value") }
        return value
    }

    private mutating func value(depth: Int) throws(GrammarError) -> JSONValue {
        guard depth < Self.deepest else { throw failure("more than \(Self.deepest) levels") }
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"): return try object(depth)
        case UInt8(ascii: "["): return try array(depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func object(_ depth: Int) throws(GrammarError) -> JSONValue {
        position += 1
        var members: [JSONValue.Member] = []
        skipSpace()
        if take("}") { return .object([]) }
        while true {
            skipSpace()
            let name = try string()
            skipSpace()
            guard take(":") else { throw failure("':' is missing") }
            members.append(JSONValue.Member(name, try value(depth: depth + 1)))
            skipSpace()
            if take("}") { return .object(members) }
            guard take(",") else { throw failure("',' or '}' is missing") }
        }
    }

    private mutating func array(_ depth: Int) throws(GrammarError) -> JSONValue {
        position += 1
        var values: [JSONValue] = []
        skipSpace()
        if take("]") { return .array([]) }
        while true {
            values.append(try value(depth: depth + 1))
            skipSpace()
            if take("]") { return .array(values) }
            guard take(",") else { throw failure("',' or ']' is missing") }
        }
    }

    private mutating func string() throws(GrammarError) -> String {
        guard take("\"") else { throw failure("a string is missing") }
        var text: [UInt8] = []
        while let byte = peek {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw failure("a string is no UTF-8")
                }
                return string
            case UInt8(ascii: "\\"): text += try escaped().utf8
            case 0..<0x20: throw failure("a control character in a string")
            default: text.append(byte)
            }
        }
        throw failure("a string does not end")
    }

    private mutating func escaped() throws(GrammarError) -> String {
        let escape = peek
        position += 1
        switch escape {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let first = try codeUnit()
            var units = [first]
            if UTF16.isLeadSurrogate(first) {
                guard take("\\"), take("u") else { throw failure("half a surrogate pair") }
                units.append(try codeUnit())
            }
            guard let text = String(validating: units, as: UTF16.self) else {
                throw failure("half a surrogate pair")
            }
            return text
        default: throw failure("an unknown escape")
        }
    }

    private mutating func codeUnit() throws(GrammarError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Character(UnicodeScalar(byte)).hexDigitValue else {
                throw failure("four hexadecimal digits are missing")
            }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }

    private mutating func number() throws(GrammarError) -> String {
        let start = position
        _ = take("-")
        let first = peek
        let digits = skipDigits()
        guard digits > 0, digits == 1 || first != UInt8(ascii: "0") else {
            throw failure("a value is missing")
        }
        if take("."), skipDigits() == 0 { throw failure("digits are missing") }
        if take("e") || take("E") {
            _ = take("+") || take("-")
            guard skipDigits() > 0 else { throw failure("digits are missing") }
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func skipDigits() -> Int {
        let start = position
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
            position += 1
        }
        return position - start
    }

    private mutating func word(
        _ word: String, _ value: JSONValue
    ) throws(GrammarError) -> JSONValue {
        guard bytes[position...].starts(with: word.utf8) else {
            throw failure("a value is missing")
        }
        position += word.utf8.count
        return value
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
    }

    private func failure(_ what: String) -> GrammarError {
        GrammarError("no JSON: \(what) at byte \(position)")
    }

    /// Deeper nesting has no use and could exhaust the stack.
    private static let deepest = 64
}
