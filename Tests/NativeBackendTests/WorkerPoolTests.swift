import Foundation
import NativeBackend
import PyramidDecoding
import Synchronization
import Testing

@Suite("The worker pool")
struct WorkerPoolTests {
    private static let threadCounts = [1, 2, 3, 5]

    @Test("Every unit is done exactly once", arguments: threadCounts)
    func everyUnit(threads: Int) {
        let pool = WorkerPool(threads: threads)
        for units in [0, 1, 2, 3, 7, 16, 63, 64, 65, 1_000] {
            for grain in [1, 2, 4, 63, 64, 65, 5_000, 100_000] {
                for limit in [1, 2, threads, threads + 3] {
                    let counts = Counts(units)
                    let limits = 0..<max(1, min(limit, threads))
                    pool.run(units: units, grain: grain, threads: limit) { range, thread in
                        #expect(!range.isEmpty && limits.contains(thread))
                        for unit in range { counts.add(unit) }
                    }
                    #expect(counts.all == Array(repeating: 1, count: units))
                }
            }
        }
    }

    @Test(
        "Thousands of runs follow each other, each finding what the last wrote",
        arguments: threadCounts)
    func manyRuns(threads: Int) {
        let pool = WorkerPool(threads: threads)
        var random = RandomSource(seed: 1)
        let size = 37
        // Unsafe sharing on purpose, as the forward does it: a run sees all writes of the last.
        nonisolated(unsafe) let values = UnsafeMutablePointer<Int>.allocate(capacity: 2 * size)
        defer { values.deallocate() }
        values.initialize(repeating: 0, count: 2 * size)
        for turn in 1...4_000 {
            let grain = Int.random(in: 1...8, using: &random)
            let limit = Int.random(in: 1...threads, using: &random)
            let (old, new) = turn.isMultiple(of: 2) ? (0, size) : (size, 0)
            pool.run(units: size, grain: grain, threads: limit) { range, thread in
                for unit in range {
                    // The neighbour's element was perhaps written by another thread.
                    values[new + unit] = 1 + values[old + (unit + turn) % size]
                }
                // Threads that the system has not started would otherwise find nothing left.
                if thread == 0 { sched_yield() }
            }
        }
        #expect((0..<size).allSatisfy { values[size + $0] == 4_000 })
    }

    @Test("Callers on several threads take turns", arguments: [2, 3])
    func callers(threads: Int) async {
        let pool = WorkerPool(threads: threads)
        let units = 200
        let counts = Counts(4 * units)
        await withTaskGroup(of: Void.self) { group in
            for caller in 0..<4 {
                group.addTask {
                    for _ in 0..<50 {
                        pool.run(units: units, threads: threads) { range, _ in
                            for unit in range { counts.add(caller * units + unit) }
                        }
                    }
                }
            }
        }
        #expect(counts.all == Array(repeating: 50, count: 4 * units))
    }

    @Test("No index is in two bodies at the same time", arguments: [2, 3, 5])
    func indices(threads: Int) {
        let pool = WorkerPool(threads: threads)
        let inside = Counts(threads)
        for _ in 0..<300 {
            pool.run(units: 50, threads: threads) { range, thread in
                #expect(inside.add(thread) == 1)
                if range.lowerBound.isMultiple(of: 5) { sched_yield() }
                #expect(inside.subtract(thread) == 0)
            }
        }
    }

    @Test("All threads work at once, also after they had time to sleep", arguments: [2, 3, 5])
    func sleepers(threads: Int) {
        let pool = WorkerPool(threads: threads)
        for _ in 0..<20 {
            usleep(3_000)
            meet(in: pool)
        }
    }

    @Test("Threads that are not asked for leave the work to the others")
    func limits() {
        let pool = WorkerPool(threads: 4)
        for limit in 1...4 {
            for _ in 0..<50 {
                pool.run(units: 64, threads: limit) { _, thread in #expect(thread < limit) }
            }
        }
    }

    @Test("A pool has at least the caller's thread, and no more than were asked for")
    func sizes() {
        #expect(WorkerPool(threads: 1).threads == 1)
        #expect(WorkerPool(threads: 0).threads == 1)
        #expect(WorkerPool(threads: -3).threads == 1)
        #expect((1...7).contains(WorkerPool(threads: 7).threads))
    }

    @Test("Threads end with their pool, idle ones and sleeping ones", arguments: [0, 20_000])
    func end(pause: UInt32) {
        let ends = ThreadEnds()
        do {
            let pool = WorkerPool(threads: 4)
            meet(in: pool) { thread in
                if thread > 0 { ends.watchThisThread() }
            }
            usleep(pause)
            #expect(ends.count == 0)
        }
        #expect(ends.count == 3)
    }

    @Test("A pool does not keep what its last work used")
    func lastWork() {
        final class Used {}
        weak var used: Used?
        let pool = WorkerPool(threads: 2)
        do {
            let strong = Used()
            used = strong
            pool.run(units: 10, threads: 2) { _, _ in withExtendedLifetime(strong) {} }
        }
        #expect(used == nil)
    }

    @Test("Pools that are used from different threads do not meet")
    func severalPools() async {
        await withTaskGroup { group in
            for _ in 0..<4 {
                group.addTask {
                    let pool = WorkerPool(threads: 2)
                    let counts = Counts(100)
                    for _ in 0..<500 {
                        pool.run(units: 100, threads: 2) { range, _ in
                            for unit in range { counts.add(unit) }
                        }
                    }
                    #expect(counts.all.allSatisfy { $0 == 500 })
                }
            }
        }
    }

    /// A run that ends only because every thread of the pool takes part in it; it uses the pool.
    private func meet(in pool: WorkerPool, _ body: @escaping (Int) -> Void = { _ in }) {
        let arrived = Counts(1)
        pool.run(units: pool.threads, threads: pool.threads) { range, thread in
            body(thread)
            arrived.add(0)
            while arrived.all[0] < pool.threads { sched_yield() }
        }
    }
}

/// Counters that any thread may change.
private final class Counts: Sendable {
    private let counts: [Counter]

    init(_ count: Int) { counts = (0..<count).map { _ in Counter() } }

    var all: [Int] { counts.map { $0.value.load(ordering: .sequentiallyConsistent) } }

    @discardableResult
    func add(_ index: Int) -> Int {
        counts[index].value.add(1, ordering: .sequentiallyConsistent).newValue
    }

    @discardableResult
    func subtract(_ index: Int) -> Int {
        counts[index].value.subtract(1, ordering: .sequentiallyConsistent).newValue
    }

    private final class Counter: Sendable {
        let value = Atomic<Int>(0)
    }
}

/// Counts the ends of threads.
private final class ThreadEnds {
    private let key: pthread_key_t
    private let ended = UnsafeMutablePointer<Atomic<Int>>.allocate(capacity: 1)

    init() {
        ended.initialize(to: Atomic(0))
        var key = pthread_key_t()
        pthread_key_create(&key) { pointer in
            pointer?.assumingMemoryBound(to: Atomic<Int>.self).pointee
                .add(1, ordering: .sequentiallyConsistent)
        }
        self.key = key
    }

    deinit {
        pthread_key_delete(key)
        ended.deinitialize(count: 1)
        ended.deallocate()
    }

    var count: Int { ended.pointee.load(ordering: .sequentiallyConsistent) }

    func watchThisThread() { pthread_setspecific(key, ended) }
}
