import GGUFTestSupport
import GGUF
import Testing

@Suite("Vocabularies")
struct VocabularyTests {
    private func vocabulary(
        _ tokens: [String] = ToyModel.tokens, logitCount: Int? = nil,
        _ change: (inout GGUFWriter) -> Void = { _ in }
    ) throws -> VocabularyDescription {
        var writer = ToyModel.writer(tokens: tokens, logitCount: logitCount)
        change(&writer)
        return try VocabularyDescription(open(writer))
    }

    @Test("Tokens, roles and flags are read")
    func reading() throws {
        let vocabulary = try vocabulary()
        #expect(vocabulary.size == 8)
        #expect(vocabulary.logitCount == 8)
        #expect(vocabulary.tokenizerModel == "gpt2")
        #expect(vocabulary.preTokenizer == "default")
        #expect((0..<8).map { vocabulary.text(of: $0)?.string } == ToyModel.tokens)
        #expect(vocabulary.text(of: 6)?.utf8 == Array("日本".utf8))
        #expect(vocabulary.text(of: 8) == nil)
        #expect(vocabulary.text(of: -1) == nil)
        #expect(vocabulary.kind(of: 3) == .normal)
        #expect(vocabulary.isPadding(7))
        #expect(!vocabulary.isPadding(3))
        #expect(vocabulary.specialTokens.beginning == 1)
        #expect(vocabulary.specialTokens.end == 2)
        #expect(vocabulary.specialTokens.endOfTurn == nil)
        #expect(vocabulary.specialTokens.padding == nil)
        #expect(vocabulary.specialTokens.addsBeginning == true)
        #expect(vocabulary.specialTokens.addsEnd == nil)
    }

    @Test("The output tensor's rows win over the embeddings'")
    func outputTensor() throws {
        let vocabulary = try vocabulary { $0.addTensor("output.weight", [16, 20]) }
        #expect(vocabulary.logitCount == 20)
    }

    @Test("A file without a list of tokens has no vocabulary")
    func missing() throws {
        for change in [
            { (writer: inout GGUFWriter) in writer.remove("tokenizer.ggml.tokens") },
            { (writer: inout GGUFWriter) in writer.set("tokenizer.ggml.tokens", .uint8(1)) },
            { (writer: inout GGUFWriter) in
                writer.set("tokenizer.ggml.tokens", .integers([1]))
            },
        ] {
            var writer = ToyModel.writer()
            change(&writer)
            let file = try open(writer)
            let error = failure { () throws(GGUFError) in _ = try VocabularyDescription(file) }
            #expect(error?.code == .vocabularyMissing)
        }
    }

    @Test("Equal vocabularies are identical, even if roles and pre-tokenizers differ")
    func identical() throws {
        let other = try vocabulary {
            $0.set("tokenizer.ggml.pre", .string("other"))
            $0.set("tokenizer.ggml.eos_token_id", .uint32(1))
        }
        #expect(VocabularyDescription.compare(try vocabulary(), other) == .identical)
        let none = try vocabulary([])
        #expect(VocabularyDescription.compare(none, none) == .identical)
    }

    @Test("Extra padding at the end leaves vocabularies compatible, in either order")
    func padding() throws {
        let short = try vocabulary()
        let padded = try vocabulary(ToyModel.tokens + ["[PAD8]", "", "<|dummy_1|>"])
        #expect(
            VocabularyDescription.compare(short, padded)
                == .compatible(commonSize: 8, reason: .padding(first: 8, second: 11)))
        #expect(
            VocabularyDescription.compare(padded, short)
                == .compatible(commonSize: 8, reason: .padding(first: 11, second: 8)))
        let unused = try vocabulary(ToyModel.tokens + ["anything"]) {
            let kinds = ToyModel.tokens.map { _ in Int32(1) } + [5]
            $0.set("tokenizer.ggml.token_type", .integers(kinds))
        }
        #expect(
            VocabularyDescription.compare(short, unused)
                == .compatible(commonSize: 8, reason: .padding(first: 8, second: 9)))
    }

    @Test("A different number of logits alone leaves vocabularies compatible")
    func logits() throws {
        let wide = try vocabulary(logitCount: 16)
        #expect(
            VocabularyDescription.compare(try vocabulary(), wide)
                == .compatible(commonSize: 8, reason: .logitCounts(first: 8, second: 16)))
        let narrow = try vocabulary(logitCount: 5)
        #expect(
            VocabularyDescription.compare(try vocabulary(), narrow)
                == .compatible(commonSize: 5, reason: .logitCounts(first: 8, second: 5)))
    }

    @Test("Extra real tokens make vocabularies different")
    func extraTokens() throws {
        let longer = try vocabulary(ToyModel.tokens + ["[PAD8]", "new"])
        let comparison = VocabularyDescription.compare(try vocabulary(), longer)
        guard case .different(let difference) = comparison else {
            Issue.record("\(comparison)")
            return
        }
        #expect(difference.reason == .extraTokens(first: 8, second: 10))
        #expect(difference.firstDifferingID == 8)
        #expect(difference.firstText == nil)
        #expect(difference.secondText == "[PAD8]")
    }

    @Test("The first differing token is named with both texts")
    func differentTexts() throws {
        var tokens = ToyModel.tokens
        tokens.swapAt(3, 4)
        let comparison = VocabularyDescription.compare(try vocabulary(), try vocabulary(tokens))
        guard case .different(let difference) = comparison else {
            Issue.record("\(comparison)")
            return
        }
        #expect(difference.reason == .tokenTexts)
        #expect(difference.firstDifferingID == 3)
        #expect(difference.firstText == "a")
        #expect(difference.secondText == "b")
        #expect(difference.description.contains("token 3 is \"a\""))
    }

    @Test("Tokens that only shift a boundary between them differ")
    func shiftedBoundary() throws {
        let first = try vocabulary(["ab", "c"])
        let second = try vocabulary(["a", "bc"])
        guard case .different(let difference) = VocabularyDescription.compare(first, second)
        else {
            Issue.record("not different")
            return
        }
        #expect(difference.firstDifferingID == 0)
    }

    @Test("Different tokenizer models make vocabularies different")
    func tokenizerModels() throws {
        let other = try vocabulary { $0.set("tokenizer.ggml.model", .string("llama")) }
        guard
            case .different(let difference) = VocabularyDescription.compare(
                try vocabulary(), other)
        else {
            Issue.record("not different")
            return
        }
        #expect(difference.reason == .tokenizerModels(first: "gpt2", second: "llama"))
        #expect(difference.firstDifferingID == nil)
    }

    @Test("A vocabulary with one more padding token is compared token by token")
    func comparingPadded() throws {
        var writer = GGUFWriter()
        let tokens = (0..<151_936).map { "token \($0)" }
        writer.set("tokenizer.ggml.tokens", .strings(tokens))
        let first = try VocabularyDescription(open(writer))
        writer.set("tokenizer.ggml.tokens", .strings(tokens + ["[PAD151936]"]))
        let second = try VocabularyDescription(open(writer))
        let comparison = VocabularyDescription.compare(first, second)
        #expect(
            comparison
                == .compatible(
                    commonSize: 151_936, reason: .padding(first: 151_936, second: 151_937)))
    }
}
