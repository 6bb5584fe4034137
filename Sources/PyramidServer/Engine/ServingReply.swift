import Synchronization

/// The stream to which the events of requests go that are answered together; it ends with the last
/// of them.
final class ServingReply: Sendable {
    private let continuation: ServingStream.Continuation
    private let unfinished: Mutex<Int>

    init(_ continuation: ServingStream.Continuation, count: Int) {
        self.continuation = continuation
        unfinished = Mutex(count)
    }

    func send(_ event: ServingEvent, choice: Int) {
        continuation.yield((choice, event))
    }

    func finishOne() {
        let isLast = unfinished.withLock { count in
            count -= 1
            return count == 0
        }
        if isLast { continuation.finish() }
    }
}

extension Desk.Ticket {
    func send(_ event: ServingEvent) { reply.send(event, choice: choice) }

    func finish() { reply.finishOne() }
}
