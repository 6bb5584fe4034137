import Foundation
import PyramidEngine

/// What callers and the engine's thread share: requests on their way in, cancellations, and the
/// engine's status. Every property is behind the condition's lock.
final class Desk: @unchecked Sendable {
    typealias RequestID = UInt64

    /// A request that the thread has not taken yet.
    struct Ticket {
        let id: RequestID
        let request: ServingRequest
        let reply: ServingReply
        /// Which of the reply's requests it is.
        let choice: Int
        let arrival = ContinuousClock.now

        var isLate: Bool {
            request.deadline.map { ContinuousClock.now - arrival > $0 } ?? false
        }
    }

    /// What the thread is to do next.
    struct Errand {
        var starting: [Ticket] = []
        var late: [Ticket] = []
        /// Those that will never start because the server stops.
        var refused: [Ticket] = []
        var cancelled: Set<RequestID> = []
        /// Whether all that runs is to end now.
        var mustEnd = false
        /// Whether there is nothing more to do, ever.
        var isOver = false
    }

    private let condition = NSCondition()
    private let limits: ServingLimits
    private var phase = ServingStatus.Phase.loading
    private var waiting: [Ticket] = []
    private var cancelled: Set<RequestID> = []
    private var running = 0
    /// How many requests can run at once; 0 until the models are loaded.
    private var places = 0
    private var nextID: RequestID = 0
    private var lastRound = ContinuousClock.now
    private var endOfGrace: ContinuousClock.Instant?

    init(_ limits: ServingLimits) {
        self.limits = limits
    }

    // MARK: For callers

    var status: ServingStatus {
        locked {
            let isIdle = running == 0 && waiting.isEmpty
            return ServingStatus(
                phase: phase, running: running, waiting: waiting.count,
                isStuck: !isIdle && ContinuousClock.now - lastRound > limits.stuckAfter)
        }
    }

    /// Takes in requests that are answered together: all of them or none.
    func add(
        _ requests: [ServingRequest], _ reply: ServingReply
    ) throws(ServingFailure) -> [RequestID] {
        condition.lock()
        defer { condition.unlock() }
        if let refusal = phase.refusal { throw refusal }
        let most = limits.waiting + places
        guard requests.count <= most else {
            throw ServingFailure(
                .invalid,
                "\(requests.count) texts are asked for, and \(most) can run and wait here; "
                    + "ask for fewer at once")
        }
        // As many as there are places for count as no longer waiting.
        guard waiting.count + requests.count <= limits.waiting + max(0, places - running) else {
            throw ServingFailure(
                .full, "\(running) requests run and \(waiting.count) wait; try again later")
        }
        // The clock of a stuck engine starts when there is work.
        if running == 0, waiting.isEmpty { lastRound = .now }
        let first = nextID
        nextID += RequestID(requests.count)
        let ids = Array(first..<nextID)
        for (choice, request) in requests.enumerated() {
            waiting.append(
                Ticket(id: ids[choice], request: request, reply: reply, choice: choice))
        }
        condition.signal()
        return ids
    }

    func cancel(_ ids: [RequestID]) {
        locked {
            waiting.removeAll { ids.contains($0.id) }
            cancelled.formUnion(ids)
            condition.signal()
        }
    }

    func stop(grace: Duration) {
        locked {
            if phase == .ready { phase = .stopping }
            endOfGrace = .now + grace
            condition.signal()
        }
    }

    // MARK: For the thread

    func setLoaded(places: Int) {
        locked {
            self.places = places
            phase = endOfGrace == nil ? .ready : .stopping
        }
    }

    func setFailed(_ reason: String) { locked { phase = .failed(reason) } }

    /// Notes that a round has finished, and how many requests run.
    func setRunning(_ count: Int) {
        locked {
            running = count
            lastRound = .now
        }
    }

    func setStopped() { locked { phase = .stopped } }

    /// What to do before the next round; sleeps until there is something.
    ///
    /// - Parameter places: How many more requests can run.
    func nextErrand(places: Int, running ids: Set<RequestID>) -> Errand {
        condition.lock()
        defer { condition.unlock() }
        while ids.isEmpty, waiting.isEmpty, cancelled.isEmpty, endOfGrace == nil {
            condition.wait()
        }
        var errand = Errand()
        errand.late = waiting.filter(\.isLate)
        waiting.removeAll(where: \.isLate)
        if endOfGrace == nil {
            errand.starting = Array(waiting.prefix(places))
            waiting.removeFirst(errand.starting.count)
        } else {
            errand.refused = waiting
            waiting.removeAll()
        }
        // Whoever asks meanwhile shall not take them for places that are free.
        running = ids.count + errand.starting.count
        // Those of requests that are over already need nothing.
        errand.cancelled = cancelled.intersection(ids)
        cancelled.removeAll()
        errand.mustEnd = endOfGrace.map { ContinuousClock.now >= $0 } ?? false
        errand.isOver = endOfGrace != nil && ids.isEmpty
        return errand
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        condition.lock()
        defer { condition.unlock() }
        return body()
    }
}
