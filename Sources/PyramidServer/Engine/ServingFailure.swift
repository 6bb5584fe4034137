/// Why a request was not served.
public struct ServingFailure: Error, Sendable, CustomStringConvertible {
    /// What kind of failure, which decides on the HTTP status.
    public enum Kind: Sendable, Equatable {
        /// The request itself cannot be served, such as a prompt that is too long.
        case invalid
        /// The prompt is longer than the context.
        case promptTooLong(tokens: Int, contextSize: Int)
        /// As many requests wait as may.
        case full
        /// The models are being loaded, the server stops, or a level is lost.
        case unavailable
        /// It took longer than it may.
        case deadline
        /// A forward failed.
        case model
    }

    /// The kind of failure.
    public var kind: Kind
    /// What happened, with the values, and what to do.
    public var description: String

    static let stopping = ServingFailure(.unavailable, "the server is stopping")
    static let loading = ServingFailure(.unavailable, "Loading model")

    static func promptTooLong(tokens: Int, contextSize: Int) -> ServingFailure {
        ServingFailure(
            .promptTooLong(tokens: tokens, contextSize: contextSize),
            "the prompt has \(tokens) tokens and the context \(contextSize); shorten it, or start "
                + "the server with a larger --ctx-size")
    }

    /// A failure of a kind.
    public init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
