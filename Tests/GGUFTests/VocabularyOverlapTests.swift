import GGUF
import GGUFTestSupport
import Testing

@Suite("What vocabularies share by their texts")
struct VocabularyOverlapTests {
    private func vocabulary(
        _ tokens: [String], logitCount: Int? = nil, _ change: (inout GGUFWriter) -> Void = { _ in }
    ) throws -> VocabularyDescription {
        var writer = ToyModel.writer(tokens: tokens, logitCount: logitCount)
        change(&writer)
        return try VocabularyDescription(open(writer))
    }

    private let target = ["<unk>", "<s>", "</s>", "a", "b", "ab", "cab", "日本", "本", "[PAD9]"]

    @Test("Tokens are found by their texts wherever they are")
    func trimmed() throws {
        let overlap = try #require(
            VocabularyOverlap(
                try vocabulary(["</s>", "<s>", "b", "本", "a"]), target: try vocabulary(target)))
        #expect(overlap.targetIDs == [2, 1, 4, 8, 3])
        #expect(overlap.sharedCount == 5 && overlap.share == 1)
        // What is not known is heard by its longest known end, and else as the end of text.
        #expect(overlap.standIns == [2, 1, 0, 4, 2, 2, 2, 3, 3, 2])
    }

    @Test("An unknown token is heard by the longest of its known ends")
    func longestEnd() throws {
        let overlap = try #require(
            VocabularyOverlap(
                try vocabulary(["x", "b", "ab", "<s>"]), target: try vocabulary(target)))
        #expect(overlap.standIns[6] == 2)
        #expect(overlap.targetIDs == [-1, 4, 5, 1])
        #expect(overlap.sharedCount == 3 && overlap.share == 0.75)
    }

    @Test("Without any known end a token is heard as the unknown one, if there is one")
    func unknown() throws {
        let model = try vocabulary(["a", "<unk>", "</s>"]) {
            $0.set("tokenizer.ggml.unknown_token_id", .uint32(1))
        }
        let overlap = try #require(VocabularyOverlap(model, target: try vocabulary(target)))
        #expect(overlap.standIns[7] == 1)
        // A role that the vocabulary has no token for cannot stand in.
        let short = try vocabulary(["a", "b"])
        let other = try #require(VocabularyOverlap(short, target: try vocabulary(target)))
        #expect(other.standIns[7] == 0)
    }

    @Test("Every logit of the target has a stand-in, and no id without a logit is used")
    func logitCounts() throws {
        let model = try vocabulary(["a", "b", "ab"], logitCount: 2)
        let overlap = try #require(
            VocabularyOverlap(model, target: try vocabulary(target, logitCount: 16)))
        #expect(overlap.standIns.count == 16)
        #expect(overlap.targetIDs == [3, 4])
        #expect(overlap.standIns[5] == 1)
    }

    @Test("Tokens with one text count once, and empty texts never")
    func twins() throws {
        let overlap = try #require(
            VocabularyOverlap(
                try vocabulary(["a", "a", ""]), target: try vocabulary(["", "a", "b", "a"])))
        #expect(overlap.targetIDs == [1, -1, -1])
        #expect(overlap.sharedCount == 1)
        #expect(overlap.standIns[3] == 0)
    }

    @Test("Other tokenizers write other alphabets: nothing is shared")
    func otherTokenizer() throws {
        let model = try vocabulary(["a"]) {
            $0.set("tokenizer.ggml.model", .string("llama"))
        }
        #expect(try VocabularyOverlap(model, target: vocabulary(target)) == nil)
    }
}
