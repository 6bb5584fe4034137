import Grammar

/// A slow matcher for the part of GBNF that our grammars use: the reference of the tests.
final class GBNF {
    private indirect enum Node {
        case literal([Unicode.Scalar])
        case oneOf([ClosedRange<UInt32>], isNegated: Bool)
        case rule(String)
        case sequence([Node])
        case choice([Node])
        case repeated(Node, least: Int, most: Int)
    }

    private var rules: [String: Node] = [:]
    private var text: [Unicode.Scalar] = []
    private var position = 0

    /// Reads a grammar; one rule a line.
    init(_ grammar: String) throws {
        for line in grammar.split(separator: "\n") {
            text = Array(line.unicodeScalars)
            position = 0
            let name = word()
            skip()
            for scalar in "::=".unicodeScalars { try take(scalar) }
            guard rules[name] == nil else { throw GrammarError("\(name) twice") }
            rules[name] = try choice()
            guard position == text.count else { throw GrammarError("rest of \(name)") }
        }
        for name in rules.values.flatMap(Self.references) where rules[name] == nil {
            throw GrammarError("no rule \(name)")
        }
    }

    /// Whether a whole text keeps to the rule `root`.
    func matches(_ text: String) -> Bool {
        let scalars = Array(text.unicodeScalars)
        return ends(.rule("root"), scalars, [0]).contains(scalars.count)
    }

    /// Where a node can end that begins at one of some places.
    private func ends(_ node: Node, _ text: [Unicode.Scalar], _ starts: Set<Int>) -> Set<Int> {
        switch node {
        case .literal(let scalars):
            return Set(
                starts.filter { text[$0...].starts(with: scalars) }.map { $0 + scalars.count })
        case .oneOf(let ranges, let isNegated):
            return Set(
                starts.filter { start in
                    start < text.count
                        && ranges.contains { $0.contains(text[start].value) } != isNegated
                }.map { $0 + 1 })
        case .rule(let name):
            guard let rule = rules[name], !starts.isEmpty else { return [] }
            return ends(rule, text, starts)
        case .sequence(let nodes):
            return nodes.reduce(starts) { ends($1, text, $0) }
        case .choice(let nodes):
            return nodes.reduce(into: []) { $0.formUnion(ends($1, text, starts)) }
        case .repeated(let node, let least, let most):
            var current = starts
            var found: Set<Int> = least == 0 ? starts : []
            var times = 0
            while times < most, !current.isEmpty {
                let next = ends(node, text, current)
                times += 1
                if times >= least {
                    if next.isSubset(of: found) { break }
                    found.formUnion(next)
                }
                current = next
            }
            return found
        }
    }

    // MARK: Reading

    private func choice() throws -> Node {
        var nodes = [try sequence()]
        while peek == "|" {
            position += 1
            nodes.append(try sequence())
        }
        return nodes.count == 1 ? nodes[0] : .choice(nodes)
    }

    private func sequence() throws -> Node {
        var nodes: [Node] = []
        while true {
            skip()
            guard let next = peek, next != "|", next != ")" else { break }
            nodes.append(try repeated(try item(next)))
        }
        return .sequence(nodes)
    }

    private func item(_ first: Unicode.Scalar) throws -> Node {
        switch first {
        case "\"":
            position += 1
            var scalars: [Unicode.Scalar] = []
            while let next = peek, next != "\"" { scalars.append(try scalar()) }
            try take("\"")
            return .literal(scalars)
        case "[":
            position += 1
            let isNegated = peek == "^"
            if isNegated { position += 1 }
            var ranges: [ClosedRange<UInt32>] = []
            while let next = peek, next != "]" {
                let low = try scalar().value
                guard peek == "-", position + 1 < text.count, text[position + 1] != "]" else {
                    ranges.append(low...low)
                    continue
                }
                position += 1
                ranges.append(low...(try scalar().value))
            }
            try take("]")
            return .oneOf(ranges, isNegated: isNegated)
        case "(":
            position += 1
            let node = try choice()
            skip()
            try take(")")
            return node
        default:
            let name = word()
            guard !name.isEmpty else { throw GrammarError("'\(first)' at \(position)") }
            return .rule(name)
        }
    }

    private func repeated(_ node: Node) throws -> Node {
        switch peek {
        case "?": return again(node, 0, 1)
        case "*": return again(node, 0, .max)
        case "+": return again(node, 1, .max)
        case "{":
            position += 1
            let least = number() ?? 0
            var most: Int? = least
            if peek == "," {
                position += 1
                most = number()
            }
            guard peek == "}" else { throw GrammarError("no } at \(position)") }
            return again(node, least, most ?? .max)
        default: return node
        }
    }

    private func again(_ node: Node, _ least: Int, _ most: Int) -> Node {
        position += 1
        return .repeated(node, least: least, most: most)
    }

    private func scalar() throws -> Unicode.Scalar {
        guard let first = peek else { throw GrammarError("the text ends") }
        position += 1
        guard first == "\\" else { return first }
        guard let escaped = peek else { throw GrammarError("the text ends") }
        position += 1
        switch escaped {
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "x":
            let digits = String(String.UnicodeScalarView(text[position..<position + 2]))
            position += 2
            guard let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value) else {
                throw GrammarError("\\x\(digits)")
            }
            return scalar
        case "\"", "\\", "[", "]": return escaped
        default: throw GrammarError("\\\(escaped)")
        }
    }

    private func word() -> String {
        skip()
        var word = ""
        while let next = peek, next.isASCII,
            next.properties.isAlphabetic || "0"..."9" ~= next
                || next == "-"
        {
            word.unicodeScalars.append(next)
            position += 1
        }
        return word
    }

    private func number() -> Int? {
        var digits = ""
        while let next = peek, "0"..."9" ~= next {
            digits.unicodeScalars.append(next)
            position += 1
        }
        return Int(digits)
    }

    private var peek: Unicode.Scalar? { position < text.count ? text[position] : nil }

    private func skip() { while peek == " " { position += 1 } }

    private func take(_ scalar: Unicode.Scalar) throws {
        guard peek == scalar else { throw GrammarError("no '\(scalar)' at \(position)") }
        position += 1
    }

    private static func references(_ node: Node) -> [String] {
        switch node {
        case .literal, .oneOf: []
        case .rule(let name): [name]
        case .sequence(let nodes), .choice(let nodes): nodes.flatMap(references)
        case .repeated(let node, _, _): references(node)
        }
    }
}
