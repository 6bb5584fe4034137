/// What serves requests.
public protocol Serving: Sendable {
    /// What it is doing.
    var status: ServingStatus { get }

    /// Takes in requests that are answered together; an event comes with the index of its request.
    ///
    /// They are cancelled, and their places free in the next round, when the stream is no longer
    /// read: its consumer is cancelled or gone.
    ///
    /// - Throws: ``ServingFailure`` when they cannot even wait.
    func submit(_ requests: [ServingRequest]) throws(ServingFailure) -> ServingStream
}

/// What happens to requests, by the index of each.
public typealias ServingStream = AsyncStream<(choice: Int, event: ServingEvent)>
