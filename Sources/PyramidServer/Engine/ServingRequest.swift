public import PyramidEngine

/// A request to the engine, and what it may take.
public struct ServingRequest: Sendable {
    /// What to generate.
    public var generation: GenerationRequest
    /// The longest time from its arrival to its end; `nil` is without limit.
    public var deadline: Duration?

    /// A request for a generation.
    public init(_ generation: GenerationRequest, deadline: Duration? = nil) {
        self.generation = generation
        self.deadline = deadline
    }
}

/// What happens to a request, in order; the stream ends after `finished` or `failed`.
public enum ServingEvent: Sendable {
    /// It is no longer waiting.
    case started
    /// Of its generation; `finished` is the last event.
    case generation(GenerationEvent)
    /// It cannot go on.
    case failed(ServingFailure)
}

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

    /// A failure of a kind.
    public init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
