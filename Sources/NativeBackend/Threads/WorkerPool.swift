import CKernels
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Threads that share the work of a forward, for all levels of a process.
///
/// Work is a number of units, of which every thread takes a share of what is left: large shares
/// first, small ones at the end. When the system stops a thread, the others do all but the share it
/// took, and wait for that one; nobody waits for a thread that took none. Threads without work spin for about a
/// tenth of a millisecond, then they sleep.
public final class WorkerPool: Sendable {
    /// The threads, the caller's included.
    public let threads: Int

    private let board: WorkBoard
    private let workers: [WorkerThread]
    /// Work has one caller at a time; others wait.
    private let turn = Mutex(())

    /// A pool of `threads` threads, the caller's included: `threads - 1` are started, or fewer
    /// when the system refuses more.
    public init(threads: Int) {
        let wanted = min(threads, WorkBoard.mostThreads)
        let board = WorkBoard(threads: wanted)
        self.board = board
        var workers: [WorkerThread] = []
        while workers.count + 1 < wanted {
            let index = workers.count + 1
            guard let worker = WorkerThread({ board.work(as: index) }) else { break }
            workers.append(worker)
        }
        self.workers = workers
        self.threads = workers.count + 1
    }

    deinit {
        board.stop()
        for worker in workers { worker.join() }
    }

    /// Runs `body` over all units, and returns when all are done.
    ///
    /// Callers on several threads take turns; `body` must not call this.
    ///
    /// - Parameters:
    ///   - units: How many units there are.
    ///   - grain: The fewest units worth a share of their own.
    ///   - threads: The most threads to use.
    ///   - body: Called from several threads at once, each time with units that no other call gets
    ///     and with the calling thread's index, `0 ..< threads`.
    package func run(
        units: Int, grain: Int = 1, threads: Int, _ body: @escaping (Range<Int>, Int) -> Void
    ) {
        guard units > 0 else { return }
        let limit = min(threads, self.threads)
        guard limit > 1, units > grain else { return body(0..<units, 0) }
        precondition(units <= UInt32.max, "\(units) units are more than a ticket counts")
        turn.withLock { _ in
            board.run(Job(units: units, grain: grain, threads: limit, body: body))
        }
    }
}

/// What is to be done.
private struct Job {
    var units: Int
    var grain: Int
    var threads: Int
    var body: (Range<Int>, Int) -> Void

    static var none: Job { Job(units: 0, grain: 1, threads: 1) { _, _ in } }
}

/// Where work is announced and taken.
///
/// Invariants: `job` is written only while `ticket` is empty and every taken unit is done, and
/// read only by a thread that has taken units and not yet reported them done. So whoever takes
/// units by exchanging the ticket, which publishes what was written before it, may read `job`.
// Sendable: the invariants above.
private final class WorkBoard: @unchecked Sendable {
    static let mostThreads = 1 << 12

    /// Threads, grain and units left, in one word, so that a share is taken in one exchange.
    private let ticket = Atomic<UInt64>(0)
    private let done = Atomic<Int>(0)
    private let isStopped = Atomic<Bool>(false)
    /// Of each thread but the caller's.
    private let beds: [Bed]
    private var job = Job.none

    init(threads: Int) {
        beds = (1..<max(2, threads)).map { _ in Bed() }
    }

    func run(_ next: Job) {
        job = next
        done.store(0, ordering: .relaxed)
        let word =
            UInt64(next.threads) << 48 | UInt64(min(next.grain, 0xFFFF)) << 32
            | UInt64(next.units)
        ticket.store(word, ordering: .sequentiallyConsistent)
        // Who would find no work is left asleep.
        for bed in beds.prefix(next.threads - 1) { bed.wake() }
        takeShares(as: 0)
        var turns = 0
        while done.load(ordering: .acquiring) < next.units {
            turns += 1
            // Someone else needs this core, perhaps the very thread that is waited for.
            if turns > 2_000 { sched_yield() } else { ck_pause() }
        }
        // What the work used may include the pool, which must not keep itself alive.
        job = .none
    }

    func work(as index: Int) {
        while !isStopped.load(ordering: .relaxed) {
            takeShares(as: index)
            guard !waitAwake(index) else { continue }
            beds[index - 1].sleep(while: {
                !hasWork(for: index) && !isStopped.load(ordering: .sequentiallyConsistent)
            })
        }
    }

    func stop() {
        isStopped.store(true, ordering: .sequentiallyConsistent)
        for bed in beds { bed.wake() }
    }

    private func takeShares(as index: Int) {
        while let share = takeShare(index) {
            work(on: share, as: index)
            done.add(share.count, ordering: .acquiringAndReleasing)
        }
    }

    // Not inlined, so that the job is let go of before it is reported done: a thread that held it
    // longer could become the pool's last owner, and would wait for its own end.
    @inline(never)
    private func work(on share: Share, as index: Int) {
        let current = job
        let end = current.units - share.left
        current.body(end - share.count..<end, index)
    }

    private func takeShare(_ index: Int) -> Share? {
        var word = ticket.load(ordering: .relaxed)
        while true {
            let left = Int(word & 0xFFFF_FFFF)
            let threads = Int(word >> 48)
            guard left > 0, index < threads else { return nil }
            let share = min(left, max(Int(word >> 32 & 0xFFFF), left / (2 * threads)))
            let (isTaken, seen) = ticket.weakCompareExchange(
                expected: word, desired: word - UInt64(share), ordering: .acquiringAndReleasing)
            if isTaken { return Share(count: share, left: left - share) }
            word = seen
        }
    }

    private func hasWork(for index: Int) -> Bool {
        let word = ticket.load(ordering: .sequentiallyConsistent)
        return word & 0xFFFF_FFFF > 0 && index < Int(word >> 48)
    }

    /// Whether work came while this thread was spinning.
    private func waitAwake(_ index: Int) -> Bool {
        for _ in 0..<4_000 {
            if hasWork(for: index) || isStopped.load(ordering: .relaxed) { return true }
            ck_pause()
        }
        return false
    }
}

private struct Share {
    var count: Int
    var left: Int
}
