import PyramidDecoding
import PyramidEngine
import PyramidEvaluation
import PyramidTestSupport

/// Three toy levels, and a prompt of each task for them.
struct ToyWorld {
    private let toy = ToyPyramid(levelCount: 3, vocabularySize: 12, seed: 3, distance: 0.4)

    let items: [PromptItem] = {
        let text = PromptItem(id: "text/1", category: "prose", text: "abc")
        let number = PromptItem(
            id: "gsm8k/1", category: "gsm8k", text: "ab", style: .message, reference: "#### 7")
        var program = PromptItem(id: "HumanEval/0", category: "humaneval", text: "def f():\n")
        program.program = ProgramTask(
            entryPoint: "f", test: "def check(f): assert f() == 1", canonicalSolution: "")
        return [text, number, program]
    }()

    var levels: BenchLevels { BenchLevels(names: ["a", "b", "c"], hasLookup: false) }

    var methods: [BenchMethod] {
        ["plain", "exact@draft:3", "exact@qualifier:3", "fsd(tau_t=0.4)@draft:4"].compactMap {
            try? BenchMethod(spec: $0, levels: levels)
        }
    }

    func session() throws -> BenchSession<ToyModel> {
        BenchSession(
            pyramid: try toy.make(toy.logits.map { ToyModel($0) }), names: levels.names,
            tokenizer: CharacterTokenizer())
    }

    func answer(
        _ item: PromptItem, _ method: BenchMethod, _ session: BenchSession<ToyModel>,
        sampling: Sampling = Sampling()
    ) throws -> DecodedAnswer? {
        try session.answer(
            prompt(of: item), by: method, AnswerLimits(sampling: sampling, maximumTokens: 30))
    }

    func answer(
        _ item: PromptItem, _ name: String, _ session: BenchSession<ToyModel>
    ) throws -> DecodedAnswer? {
        try methods.first { $0.name == name }.flatMap { try answer(item, $0, session) }
    }

    func surprise(_ answer: DecodedAnswer) throws -> TextSurprise {
        let target = ToyModel(toy.logits[2])
        return try TextSurprise.of(
            answer.result.tokens.map(\.token), after: answer.prompt, by: target,
            vocabularySize: 12)
    }

    private func prompt(of item: PromptItem) -> [TokenID] {
        CharacterTokenizer().tokens(of: item.text, addSpecial: false, parseSpecial: false)
    }
}

/// A letter a token.
private final class CharacterTokenizer: Tokenizer {
    var endTokens: Set<TokenID> { [] }

    func tokens(of text: String, addSpecial: Bool, parseSpecial: Bool) -> [TokenID] {
        text.utf8.map { TokenID($0) % 12 }
    }

    func bytes(of token: TokenID) -> [UInt8] { [UInt8(97 + token)] }
}
