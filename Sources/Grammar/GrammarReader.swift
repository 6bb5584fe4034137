/// Reads GBNF (llama.cpp's grammars/README.md) into what ``GrammarCheck`` looks at.
struct GrammarReader {
    private let text: [UInt8]
    private var position = 0
    private var check = GrammarCheck()
    private var indices: [String: Int] = [:]

    init(_ grammar: String) { text = Array(grammar.utf8) }

    /// - Throws: ``GrammarError`` where it is no GBNF.
    mutating func read() throws(GrammarError) -> GrammarCheck {
        skip(lines: true)
        while position < text.count {
            let name = try name()
            skip(lines: false)
            guard taken("::=") else { throw unexpected("'::=' after '\(name)'") }
            skip(lines: true)
            let index = index(of: name)
            // llama.cpp takes the last of two rules of one name.
            check.rules[index].alternatives = try alternatives(depth: 0)
            check.rules[index].isDefined = true
            guard position == text.count || text[position] == 10 || text[position] == 13 else {
                throw unexpected("the end of the rule '\(name)'")
            }
            skip(lines: true)
        }
        return check
    }

    private mutating func alternatives(
        depth: Int
    ) throws(GrammarError) -> [[GrammarCheck.Symbol]] {
        guard depth < GrammarCheck.mostDepth else {
            throw GrammarError(
                "the grammar's parentheses are too deep; \(GrammarCheck.mostDepth) is the most")
        }
        var alternatives = [try sequence(depth: depth)]
        while taken("|") {
            skip(lines: true)
            alternatives.append(try sequence(depth: depth))
        }
        return alternatives
    }

    private mutating func sequence(depth: Int) throws(GrammarError) -> [GrammarCheck.Symbol] {
        var symbols: [GrammarCheck.Symbol] = []
        while position < text.count {
            let start = check.elements
            guard let item = try item(depth: depth) else { break }
            skip(lines: depth > 0)
            symbols.append(try repeated(item, size: check.elements - start, depth: depth))
            skip(lines: depth > 0)
        }
        return symbols
    }

    /// What stands at this place; `nil` where the sequence ends.
    private mutating func item(depth: Int) throws(GrammarError) -> GrammarCheck.Symbol? {
        switch text[position] {
        case UInt8(ascii: "\""): return try literal()
        case UInt8(ascii: "["):
            try skipSet()
            return .terminal
        case UInt8(ascii: "."):
            position += 1
            try count(1)
            return .terminal
        case UInt8(ascii: "<"), UInt8(ascii: "!"):
            try skipToken()
            return .terminal
        case UInt8(ascii: "("):
            position += 1
            skip(lines: true)
            let inner = try alternatives(depth: depth + 1)
            guard taken(")") else { throw unexpected("')'") }
            try count(1)
            return .rule(anonymous(inner))
        case let byte where Self.isName(byte):
            try count(1)
            return .rule(index(of: try name()))
        default: return nil
        }
    }

    /// A literal may be empty.
    private mutating func literal() throws(GrammarError) -> GrammarCheck.Symbol {
        position += 1
        var isEmpty = true
        while try peek("'\"'") != UInt8(ascii: "\"") {
            try skipCharacter()
            isEmpty = false
            try count(1)
        }
        position += 1
        return isEmpty ? .rule(anonymous([[]])) : .terminal
    }

    private mutating func skipSet() throws(GrammarError) {
        position += 1
        if try peek("a character") == UInt8(ascii: "^") { position += 1 }
        guard try peek("a character") != UInt8(ascii: "]") else {
            throw unexpected("a character of the set")
        }
        while try peek("']'") != UInt8(ascii: "]") {
            try skipCharacter()
            try count(1)
        }
        position += 1
    }

    private mutating func skipToken() throws(GrammarError) {
        if text[position] == UInt8(ascii: "!") { position += 1 }
        guard try peek("'<'") == UInt8(ascii: "<") else { throw unexpected("'<'") }
        while try peek("'>'") != UInt8(ascii: ">") { position += 1 }
        position += 1
        try count(1)
    }

    private mutating func repeated(
        _ item: GrammarCheck.Symbol, size: Int, depth: Int
    ) throws(GrammarError) -> GrammarCheck.Symbol {
        guard position < text.count else { return item }
        var least = 0
        var most: Int?
        switch text[position] {
        case UInt8(ascii: "*"): position += 1
        case UInt8(ascii: "+"):
            position += 1
            least = 1
        case UInt8(ascii: "?"):
            position += 1
            most = 1
        case UInt8(ascii: "{"): (least, most) = try bounds()
        default: return item
        }
        try count(max(least, most ?? 1) * (size + 2))
        // As llama.cpp writes it: the item as often as it must be, then rests that each end or go on
        // to the next.
        var symbols = Array(repeating: item, count: least)
        if let most {
            var rest: [GrammarCheck.Symbol] = []
            for _ in least..<most { rest = [.rule(anonymous([[item] + rest, []]))] }
            symbols += rest
        } else {
            let rest = anonymous([])
            check.rules[rest].alternatives = [[item, .rule(rest)], []]
            symbols.append(.rule(rest))
        }
        return .rule(anonymous([symbols]))
    }

    private mutating func bounds() throws(GrammarError) -> (Int, Int?) {
        position += 1
        skip(lines: true)
        let least = try number()
        skip(lines: true)
        var most: Int? = least
        if taken(",") {
            skip(lines: true)
            most = try peek("'}'") == UInt8(ascii: "}") ? nil : try number()
            skip(lines: true)
        }
        guard taken("}") else { throw unexpected("'}'") }
        if let most, most < least {
            throw GrammarError("the grammar repeats something {\(least),\(most)} times")
        }
        return (least, most)
    }

    private mutating func number() throws(GrammarError) -> Int {
        var digits = ""
        while position < text.count, (48...57).contains(text[position]) {
            digits.unicodeScalars.append(Unicode.Scalar(text[position]))
            position += 1
        }
        guard let number = Int(digits) else { throw unexpected("a number") }
        guard number <= SchemaGrammar.mostRepeats else {
            throw GrammarError(
                "the grammar repeats something \(number) times; \(SchemaGrammar.mostRepeats) is the "
                    + "most")
        }
        return number
    }

    // MARK: - Rules

    private mutating func index(of name: String) -> Int {
        if let known = indices[name] { return known }
        indices[name] = check.rules.count
        check.rules.append(GrammarCheck.Rule(name: name))
        return check.rules.count - 1
    }

    private mutating func anonymous(_ alternatives: [[GrammarCheck.Symbol]]) -> Int {
        check.rules.append(
            GrammarCheck.Rule(alternatives: alternatives, isDefined: true, name: "(...)"))
        return check.rules.count - 1
    }

    private mutating func count(_ elements: Int) throws(GrammarError) {
        check.elements += elements
        guard check.elements <= GrammarCheck.mostElements else {
            throw GrammarError(
                "the grammar has more than \(GrammarCheck.mostElements) elements, repetitions written "
                    + "out; make it smaller")
        }
    }

    // MARK: - Characters

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private mutating func name() throws(GrammarError) -> String {
        let start = position
        while position < text.count, Self.isName(text[position]) { position += 1 }
        guard position > start else { throw unexpected("the name of a rule") }
        return String(decoding: text[start..<position], as: UTF8.self)
    }

    private func peek(_ expected: String) throws(GrammarError) -> UInt8 {
        guard position < text.count else { throw unexpected(expected) }
        // A NUL ends the text for llama.cpp.
        guard text[position] != 0 else {
            throw GrammarError("the grammar contains a NUL character")
        }
        return text[position]
    }

    /// A character, or an escape of one.
    private mutating func skipCharacter() throws(GrammarError) {
        guard try peek("a character") == UInt8(ascii: "\\") else {
            position += 1
            return
        }
        position += 1
        let digits: Int
        switch try peek("an escape") {
        case UInt8(ascii: "x"): digits = 2
        case UInt8(ascii: "u"): digits = 4
        case UInt8(ascii: "U"): digits = 8
        case UInt8(ascii: "t"), UInt8(ascii: "r"), UInt8(ascii: "n"), UInt8(ascii: "\\"),
            UInt8(ascii: "\""), UInt8(ascii: "["), UInt8(ascii: "]"):
            digits = 0
        default: throw unexpected("an escape that GBNF knows")
        }
        position += 1
        for _ in 0..<digits {
            guard Unicode.Scalar(try peek("a hexadecimal digit")).properties.isASCIIHexDigit else {
                throw unexpected("a hexadecimal digit")
            }
            position += 1
        }
    }

    private mutating func taken(_ word: String) -> Bool {
        guard text[position...].starts(with: word.utf8) else { return false }
        position += word.utf8.count
        return true
    }

    /// White space and comments.
    private mutating func skip(lines: Bool) {
        while position < text.count {
            switch text[position] {
            case 32, 9: position += 1
            case 10, 13:
                guard lines else { return }
                position += 1
            case UInt8(ascii: "#"):
                while position < text.count, text[position] != 10, text[position] != 13 {
                    position += 1
                }
            default: return
            }
        }
    }

    private func unexpected(_ expected: String) -> GrammarError {
        let rest = String(decoding: text[position...].prefix(20), as: UTF8.self)
        let line = text[..<min(position, text.count)].count { $0 == 10 } + 1
        return GrammarError(
            "the grammar cannot be read: line \(line) has \(JSONValue.quoted(rest)) where "
                + "\(expected) is expected")
    }
}
