import Synchronization

/// Whether the process behind a relay can answer.
public final class RelayState: Sendable {
    private let reason = Mutex<String?>(ServingFailure.loading.description)

    /// A process that is being started.
    public init() {}

    /// The process answers; what it answers is up to it.
    public func setUp() { reason.withLock { $0 = nil } }

    /// The process does not answer.
    ///
    /// - Parameter reason: Why, and what has to be done or will happen, for clients.
    public func setDown(_ reason: String) { self.reason.withLock { $0 = reason } }

    /// Why a request cannot be passed on; `nil` where it can.
    var refusal: APIError? {
        reason.withLock { $0 }.map { APIError(.unavailable, $0) }
    }

    /// The answer to a request that was lost on the way.
    var loss: APIError {
        refusal
            ?? APIError(
                .unavailable,
                "the process with the levels ended while it worked on this request; "
                    + "send it again when /health is 200")
    }
}
