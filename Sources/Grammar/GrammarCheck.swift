/// Reads a grammar in GBNF to see whether llama.cpp can be given it: its reader and matcher take
/// what they get, and some short grammars would keep them busy for ever, or end the process.
///
/// What is refused: what is no GBNF, rules that are missing, a rule that comes back to itself before
/// any character, and grammars that are too deep, too large or too entangled.
public struct GrammarCheck {
    /// What a rule says at one place: something that takes a character or a token, or a rule.
    enum Symbol {
        case terminal
        case rule(Int)
    }

    /// Alternatives of sequences; `size` is what one copy of the rule takes.
    struct Rule {
        var alternatives: [[Symbol]] = []
        var isDefined = false
        var name = ""
    }

    /// The most bytes of a grammar; llama.cpp copies it for every token of a text.
    public static let mostBytes = 64 << 10
    static let mostDepth = 64
    /// The most elements that llama.cpp makes of it, repetitions written out.
    static let mostElements = 100_000
    /// The most ways to the next character that are gone after every token.
    static let mostPaths = 20_000

    var rules: [Rule] = []
    var elements = 0

    /// - Throws: ``GrammarError`` with what is wrong.
    public static func check(_ grammar: String, root: String = "root") throws(GrammarError) {
        guard grammar.utf8.count <= mostBytes else {
            throw GrammarError(
                "the grammar has \(grammar.utf8.count) bytes; \(mostBytes) is the most")
        }
        var reader = GrammarReader(grammar)
        let check = try reader.read()
        for rule in check.rules where !rule.isDefined {
            throw GrammarError("the grammar has no rule '\(rule.name)'")
        }
        guard check.rules.contains(where: { $0.name == root }) else {
            throw GrammarError("the grammar has no rule '\(root)', with which a text begins")
        }
        try check.checkPaths()
    }

    /// How many ways lead from a rule's begin to its characters, and to its end without any.
    private struct Paths {
        var toCharacters = 0
        var toEnd = 0
    }

    private func checkPaths() throws(GrammarError) {
        var known: [Paths?] = Array(repeating: nil, count: rules.count)
        var isOpen = Array(repeating: false, count: rules.count)
        for index in rules.indices {
            _ = try paths(index, &known, &isOpen, depth: 0)
        }
    }

    private func paths(
        _ index: Int, _ known: inout [Paths?], _ isOpen: inout [Bool], depth: Int
    ) throws(GrammarError) -> Paths {
        if let paths = known[index] { return paths }
        guard !isOpen[index] else {
            throw GrammarError(
                "the rule '\(rules[index].name)' comes back to itself before any character; put "
                    + "what it repeats behind something")
        }
        guard depth < 2_000 else { throw tooEntangled }
        isOpen[index] = true
        defer { isOpen[index] = false }
        var all = Paths()
        for alternative in rules[index].alternatives {
            var toHere = 1
            for symbol in alternative where toHere > 0 {
                switch symbol {
                case .terminal:
                    all.toCharacters += toHere
                    toHere = 0
                case .rule(let next):
                    let inner = try paths(next, &known, &isOpen, depth: depth + 1)
                    all.toCharacters += toHere * inner.toCharacters
                    toHere *= inner.toEnd
                }
                guard max(all.toCharacters, toHere) <= Self.mostPaths else { throw tooEntangled }
            }
            all.toEnd += toHere
        }
        guard max(all.toCharacters, all.toEnd) <= Self.mostPaths else { throw tooEntangled }
        known[index] = all
        return all
    }

    private var tooEntangled: GrammarError {
        GrammarError(
            "the grammar has too many ways to its next character; make it simpler")
    }
}
