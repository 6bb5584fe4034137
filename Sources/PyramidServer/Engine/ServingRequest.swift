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
