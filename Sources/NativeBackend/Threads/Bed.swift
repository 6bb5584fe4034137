import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where one thread sleeps until another wakes it.
// Sendable: both pointers are to the system's own synchronization, allocated once.
final class Bed: @unchecked Sendable {
    private let isTaken = Atomic<Bool>(false)
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Sleeps while `isIdle`, which is asked after it is known that someone is asleep, and again
    /// after every wake: so no work that is announced before `wake` is slept through.
    func sleep(while isIdle: () -> Bool) {
        isTaken.store(true, ordering: .sequentiallyConsistent)
        pthread_mutex_lock(mutex)
        while isIdle() { pthread_cond_wait(condition, mutex) }
        pthread_mutex_unlock(mutex)
        isTaken.store(false, ordering: .sequentiallyConsistent)
    }

    /// Wakes whoever is asleep; next to nothing where nobody is.
    func wake() {
        guard isTaken.load(ordering: .sequentiallyConsistent) else { return }
        pthread_mutex_lock(mutex)
        pthread_cond_broadcast(condition)
        pthread_mutex_unlock(mutex)
    }
}
