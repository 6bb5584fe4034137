/// A model's tokens, whose texts stay in the mapped file until somebody asks for them.
///
/// Token ids are 0 to `size` - 1.
public struct VocabularyDescription: Sendable {
    /// The number of tokens.
    public let size: Int
    /// The number of logits the model computes: the rows of its output tensor, or of its token
    /// embeddings when it has no output tensor. `nil` when it has neither.
    public let logitCount: Int?
    /// The kind of tokenizer, such as `gpt2` or `llama`.
    public let tokenizerModel: String?
    /// The name of the rule that splits text before tokens are looked up, such as `qwen2`.
    public let preTokenizer: String?
    /// The tokens with a role of their own.
    public let specialTokens: SpecialTokens
    let file: MappedFile
    /// Where each token's text starts in the file, and then where one after the last would; each
    /// text is followed by the 8-byte length of the next.
    let offsets: [Int]
    private let kinds: GGUFArray?

    /// Reads the vocabulary of a model of one or more files.
    ///
    /// - Throws: A ``GGUFError`` with code `vocabularyMissing` when there is no list of tokens.
    /// - Complexity: O(`size`).
    public init(_ files: GGUFModelFiles) throws(GGUFError) {
        let output = files.tensor(named: "output.weight")
        try self.init(
            files.metadata, path: files.path,
            rows: output ?? files.tensor(named: "token_embd.weight"))
    }

    /// Reads the vocabulary that one file holds.
    ///
    /// - Throws: A ``GGUFError`` with code `vocabularyMissing` when there is no list of tokens.
    /// - Complexity: O(`size`).
    public init(_ file: GGUFFile) throws(GGUFError) {
        let output = file.tensor(named: "output.weight")
        try self.init(
            file.metadata, path: file.path,
            rows: output ?? file.tensor(named: "token_embd.weight"))
    }

    private init(
        _ metadata: GGUFMetadata, path: String, rows: TensorInfo?
    ) throws(GGUFError) {
        let key = "tokenizer.ggml.tokens"
        guard let tokens = metadata.array(key), let offsets = tokens.textOffsets() else {
            let seen = metadata[key].map { "is of type \($0.type)" } ?? "is missing"
            throw GGUFError(
                .vocabularyMissing, path: path,
                message: "the file has no vocabulary: \(key), an array of strings, \(seen);"
                    + " give a language model's own file, not an adapter or a projector")
        }
        self.offsets = offsets
        size = tokens.count
        file = tokens.file
        logitCount = rows.flatMap { $0.dimensions.count == 2 ? $0.dimensions[1] : nil }
        tokenizerModel = metadata.text("tokenizer.ggml.model")
        preTokenizer = metadata.text("tokenizer.ggml.pre")
        specialTokens = SpecialTokens(metadata, vocabularySize: tokens.count)
        kinds = metadata.array("tokenizer.ggml.token_type")
    }

    /// The text of token `id` in the tokenizer's own alphabet (a `gpt2` tokenizer writes a space
    /// as `Ġ`), or `nil` when `id` is no token.
    public func text(of id: Int) -> MappedText? {
        guard (0..<size).contains(id) else { return nil }
        return MappedText(file: file, range: range(of: id))
    }

    /// What token `id` is for, or `nil` when `id` is no token or the file does not say.
    public func kind(of id: Int) -> TokenKind? {
        guard (0..<size).contains(id) else { return nil }
        return kinds?.integer(at: id).flatMap(TokenKind.init)
    }

    /// Whether token `id` only fills the vocabulary up: its kind is `unused`, or its text is
    /// empty or one that converters write for such tokens, as `[PAD151936]`.
    public func isPadding(_ id: Int) -> Bool {
        guard let text = text(of: id) else { return false }
        guard kind(of: id) != .unused, text.byteCount > 0 else { return true }
        return text.withUTF8 { bytes in
            Self.paddingPrefixes.contains { bytes.starts(with: $0.utf8) }
        }
    }

    /// Where token `id`'s text lies in the file; `id` must be a token.
    func range(of id: Int) -> Range<Int> { offsets[id]..<(offsets[id + 1] - 8) }

    /// Where all texts lie in the file, each with its length before it.
    var allTexts: Range<Int> { (offsets[0] - 8)..<(offsets[size] - 8) }

    private static let paddingPrefixes = [
        "[PAD", "<pad", "<|pad", "<|dummy", "<dummy", "<unused", "[unused", "<|unused",
        "<|reserved", "<reserved", "<|extra_", "<extra_id_",
    ]
}
