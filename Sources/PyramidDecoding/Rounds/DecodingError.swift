/// Why a round failed. The sequences of the round are then as they were after the last complete
/// one, and can go on.
public enum DecodingError<Failure: Error>: Error {
    /// A level's forward or rewind failed.
    case model(level: Int, Failure)
    /// A level computed logits that make no law: NaN, or none finite; for one sequence, whose
    /// sampling and constraint may be what left none. The others are not concerned.
    case invalidLogits(level: Int, sequence: SequenceID? = nil)
}

extension DecodingError: Equatable where Failure: Equatable {}

extension DecodingError: CustomStringConvertible {
    /// What happened, and at which level (0 is the bottom).
    public var description: String {
        switch self {
        case .model(let level, let failure): "level \(level): \(failure)"
        case .invalidLogits(let level, _):
            "level \(level) computed logits that are not finite numbers, or a bias, a penalty or a "
                + "grammar left none; else its file is damaged, or its weights overflow in this "
                + "backend"
        }
    }
}

/// Why a sequence could not be started.
public enum StartError: Error, Equatable, CustomStringConvertible {
    /// All sequences are in use.
    case noFreeSequence(capacity: Int)
    /// There is no token to condition on.
    case emptyPrompt
    /// The prompt leaves no room for a token.
    case promptTooLong(tokens: Int, contextSize: Int)
    /// The prompt has a token that some level does not know.
    case unknownToken(TokenID, vocabularySize: Int)
    /// A setting is out of range.
    case configuration(ConfigurationError)

    /// What happened, with the values and the way out.
    public var description: String {
        switch self {
        case .noFreeSequence(let capacity):
            "all \(capacity) sequences are in use; finish one first"
        case .emptyPrompt: "the prompt is empty; give at least one token"
        case .promptTooLong(let tokens, let contextSize):
            "the prompt has \(tokens) tokens and the context holds \(contextSize); "
                + "shorten the prompt or raise the context size"
        case .unknownToken(let token, let size):
            "the prompt has token \(token); the vocabulary ends at \(size - 1)"
        case .configuration(let error): error.description
        }
    }
}
