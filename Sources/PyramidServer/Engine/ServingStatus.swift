/// What an engine is doing.
public struct ServingStatus: Sendable, Equatable {
    /// Where the engine is in its life.
    public enum Phase: Sendable, Equatable {
        case loading
        case ready
        case stopping
        case stopped
        /// The models could not be loaded.
        case failed(String)

        /// Why a request cannot be taken now; `nil` where it can.
        var refusal: ServingFailure? {
            switch self {
            case .ready: nil
            case .loading: .loading
            case .failed(let reason): ServingFailure(.unavailable, reason)
            case .stopping, .stopped: .stopping
            }
        }
    }

    /// Where the engine is in its life.
    public var phase: Phase
    /// Requests in the rounds.
    public var running: Int
    /// Requests that wait for a place.
    public var waiting: Int
    /// Whether there is work and no round has finished for too long.
    public var isStuck: Bool
}
