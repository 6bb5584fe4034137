internal import CLlama
public import PyramidDecoding
public import PyramidEngine

/// A model's own tokenizer.
public final class LlamaTokenizer: Tokenizer {
    private let vocabulary: LlamaVocabulary

    /// The tokens that end a text or a turn.
    public let endTokens: Set<TokenID>

    /// The tokenizer of a model, of which no more than the vocabulary need be loaded.
    public init(vocabulary: LlamaVocabulary) {
        self.vocabulary = vocabulary
        endTokens = Set(
            (0..<Int32(vocabulary.size)).filter {
                llama_vocab_is_eog(vocabulary.handle.vocabulary, $0)
            })
    }

    /// The tokens of a text.
    ///
    /// A text that spells the token that begins a text, as some chat templates do, gets no second
    /// one.
    ///
    /// - Throws: ``LlamaError`` when the text is longer than 2 GB or cannot be tokenized.
    public func tokens(
        of text: String, addSpecial: Bool, parseSpecial: Bool
    ) throws -> [TokenID] {
        var text = text
        return try text.withUTF8 { utf8 in
            guard let length = Int32(exactly: utf8.count) else {
                throw LlamaError(
                    .notTokenized, "the text has \(utf8.count) bytes; 2 GB is the most")
            }
            // A token covers at least a byte, but for the special ones around the text.
            var tokens = [TokenID](repeating: 0, count: utf8.count + 8)
            let count = utf8.withMemoryRebound(to: CChar.self) { bytes in
                llama_tokenize(
                    vocabulary.handle.vocabulary, bytes.baseAddress, length, &tokens,
                    Int32(tokens.count), addSpecial, parseSpecial)
            }
            guard count >= 0 else {
                throw LlamaError(
                    .notTokenized, "the text of \(length) bytes cannot be tokenized",
                    nativeCode: count)
            }
            let begin = addSpecial ? vocabulary.beginToken : nil
            let isDoubled = count > 1 && tokens[0] == begin && tokens[1] == begin
            return Array(tokens[(isDoubled ? 1 : 0)..<Int(count)])
        }
    }

    /// The bytes of a token; empty for a control token and for one outside the vocabulary.
    public func bytes(of token: TokenID) -> [UInt8] {
        piece(of: token, special: false)
    }

    /// The text of a token, control tokens spelled out.
    public func spelling(of token: TokenID) -> String {
        String(decoding: piece(of: token, special: true), as: UTF8.self)
    }

    private func piece(of token: TokenID, special: Bool) -> [UInt8] {
        // llama.cpp aborts on a token outside the vocabulary.
        guard (0..<Int32(vocabulary.size)).contains(token) else { return [] }
        var buffer = [CChar](repeating: 0, count: 64)
        var count = llama_token_to_piece(
            vocabulary.handle.vocabulary, token, &buffer, Int32(buffer.count), 0, special)
        if count < 0 {
            buffer = [CChar](repeating: 0, count: Int(-count))
            count = llama_token_to_piece(
                vocabulary.handle.vocabulary, token, &buffer, Int32(buffer.count), 0, special)
        }
        return buffer.prefix(max(0, Int(count))).map { UInt8(bitPattern: $0) }
    }
}
