/// The tokens with a role of their own, by id; a role the file gives to no valid token is `nil`.
public struct SpecialTokens: Sendable, Hashable {
    /// The beginning of a sequence.
    public let beginning: Int?
    /// The end of a sequence.
    public let end: Int?
    /// The end of a turn in a chat.
    public let endOfTurn: Int?
    /// The end of a message that expects a tool's answer.
    public let endOfMessage: Int?
    /// What stands for text that no token covers.
    public let unknown: Int?
    /// Filler.
    public let padding: Int?
    /// Whether a prompt starts with ``beginning``, or `nil` when not stated.
    public let addsBeginning: Bool?
    /// Whether a prompt ends with ``end``, or `nil` when not stated.
    public let addsEnd: Bool?

    init(_ metadata: GGUFMetadata, vocabularySize: Int) {
        func id(_ role: String) -> Int? {
            guard let id = metadata.integer("tokenizer.ggml.\(role)_token_id"),
                (0..<vocabularySize).contains(id)
            else { return nil }
            return id
        }
        beginning = id("bos")
        end = id("eos")
        endOfTurn = id("eot")
        endOfMessage = id("eom")
        unknown = id("unknown")
        padding = id("padding")
        addsBeginning = metadata.boolean("tokenizer.ggml.add_bos_token")
        addsEnd = metadata.boolean("tokenizer.ggml.add_eos_token")
    }
}
