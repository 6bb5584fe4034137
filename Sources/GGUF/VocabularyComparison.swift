/// Whether two models mean the same text by the same token ids.
///
/// Only texts and ids count. Pre-tokenizers, merges and special tokens may differ, because just
/// one of the models turns text into tokens.
public enum VocabularyComparison: Sendable, Hashable {
    /// Every id has the same text, and the models compute equally many logits.
    case identical
    /// Ids below `commonSize` have the same text; the others must not be proposed.
    case compatible(commonSize: Int, reason: Mismatch)
    /// Some id has two different texts, so the models cannot work together token by token.
    case different(VocabularyDifference)

    /// How vocabularies differ that can still work together.
    public enum Mismatch: Sendable, Hashable {
        /// After the common ids comes padding only; the values are the vocabularies' sizes.
        case padding(first: Int, second: Int)
        /// The tokens are the same, but the output tensors have these numbers of rows.
        case logitCounts(first: Int, second: Int)
    }
}

/// Where and why two vocabularies differ.
public struct VocabularyDifference: Sendable, Hashable, CustomStringConvertible {
    /// What differs.
    public enum Reason: Sendable, Hashable {
        /// The kinds of tokenizer, such as `gpt2` and `llama`; `nil` when a file states none.
        case tokenizerModels(first: String?, second: String?)
        /// An id that both vocabularies have stands for two texts.
        case tokenTexts
        /// One vocabulary goes on with tokens that are not padding; the values are the sizes.
        case extraTokens(first: Int, second: Int)
    }

    /// What differs.
    public let reason: Reason
    /// The first id whose texts differ or that one vocabulary lacks; `nil` when there is none.
    public let firstDifferingID: Int?
    /// That token's text in the first vocabulary, or `nil` when it has no such token.
    public let firstText: String?
    /// That token's text in the second vocabulary, or `nil` when it has no such token.
    public let secondText: String?

    /// One sentence for people.
    public var description: String {
        let id = firstDifferingID ?? 0
        let texts =
            firstDifferingID == nil
            ? "although all token texts are equal"
            : "token \(id) is \(Self.quoted(firstText)) in the first and"
                + " \(Self.quoted(secondText)) in the second"
        switch reason {
        case .tokenizerModels(let first, let second):
            return "the tokenizers differ (\(first ?? "not stated"), \(second ?? "not stated")):"
                + " \(texts)"
        case .tokenTexts: return "the vocabularies differ: \(texts)"
        case .extraTokens(let first, let second):
            return "one vocabulary has more tokens than padding (\(first), \(second)): \(texts)"
        }
    }

    private static func quoted(_ text: String?) -> String {
        text.map { "\"\($0)\"" } ?? "no token"
    }
}
