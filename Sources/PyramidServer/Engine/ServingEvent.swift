public import PyramidEngine

/// What happens to a request, in order; the stream ends after `finished` or `failed`.
public enum ServingEvent: Sendable {
    /// It is no longer waiting.
    case started
    /// Of its generation; `finished` is the last event.
    case generation(GenerationEvent)
    /// It cannot go on.
    case failed(ServingFailure)
}
