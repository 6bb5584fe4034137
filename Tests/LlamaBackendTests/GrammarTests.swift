import BackendTestSupport
import GGUF
import LlamaBackend
import PyramidDecoding
import Testing

@Suite("A grammar over a real vocabulary", .needsModel)
struct GrammarTests {
    private let vocabulary: LlamaVocabulary
    private let tokenizer: LlamaTokenizer

    init() throws {
        vocabulary = try LlamaVocabulary(try GGUFModelFiles(path: try RealModel.path))
        tokenizer = LlamaTokenizer(vocabulary: vocabulary)
    }

    private func tokens(_ text: String) throws -> [TokenID] {
        try tokenizer.tokens(of: text, addSpecial: false, parseSpecial: false)
    }

    /// The tokens that a grammar leaves, after some.
    private func allowed(_ grammar: LlamaGrammar, after generated: [TokenID]) -> Set<TokenID> {
        var logits = [Float](repeating: 0, count: vocabulary.size)
        logits.withUnsafeMutableBufferPointer { grammar.restrict($0, after: generated[...]) }
        return Set(logits.indices.filter { logits[$0] == 0 }.map { TokenID($0) })
    }

    @Test("One token alone and all together say the same, also after tokens were taken back")
    func consistent() throws {
        let grammar = try LlamaGrammar(
            #"root ::= "the " ("cat" | "cow" [a-z]*) (" and " root)?"#, vocabulary: vocabulary)
        var text: [TokenID] = []
        for step in 0..<40 {
            let all = allowed(grammar, after: text)
            #expect(!all.isEmpty)
            for token in stride(from: TokenID(step % 7), to: TokenID(vocabulary.size), by: 13) {
                #expect(grammar.allows(token, after: text[...]) == all.contains(token))
            }
            let goesOn = all.subtracting(tokenizer.endTokens).sorted()
            if step % 5 == 4 || goesOn.isEmpty {
                text.removeLast(min(text.count, 3))
            } else {
                text.append(goesOn[step * 31 % goesOn.count])
            }
        }
    }

    @Test("A text ends where the grammar is complete, and where nothing else can follow")
    func ends() throws {
        let complete = try LlamaGrammar(#"root ::= "cat""#, vocabulary: vocabulary)
        let cat = try tokens("cat")
        #expect(allowed(complete, after: cat) == tokenizer.endTokens)
        #expect(allowed(complete, after: []).isDisjoint(with: tokenizer.endTokens))
        // No token of a vocabulary is the one with this number.
        let dead = try LlamaGrammar("root ::= <[4000000]>", vocabulary: vocabulary)
        #expect(allowed(dead, after: []) == tokenizer.endTokens)
        let end = try #require(tokenizer.endTokens.first)
        #expect(dead.allows(end, after: []))
        #expect(!allowed(dead, after: [end]).isEmpty)
    }

    @Test("A long text goes on, and can be taken back further than any lookahead")
    func long() throws {
        let grammar = try LlamaGrammar("root ::= [a-z ]*", vocabulary: vocabulary)
        let piece = try tokens(" the cat and the cow and the dog")
        var text: [TokenID] = []
        while text.count < 1200 { text += piece }
        #expect(grammar.allows(piece[0], after: text[...]))
        #expect(!grammar.allows(try tokens("!")[0], after: text[...]))
        #expect(grammar.allows(piece[0], after: text[..<300]))
        #expect(!grammar.allows(try tokens("!")[0], after: text[..<7]))
    }

    @Test("What cannot be read is refused")
    func refused() {
        for grammar in ["", "root ::= a", "root ::= root", "x ::= \"a\"", "root ::= \"a\"{3,2}"] {
            #expect(throws: LlamaError.self) {
                try LlamaGrammar(grammar, vocabulary: vocabulary)
            }
        }
    }
}
