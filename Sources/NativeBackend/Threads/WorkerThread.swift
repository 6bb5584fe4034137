#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// One thread of the system.
// Sendable: a handle is only joined, once, by its owner.
struct WorkerThread: @unchecked Sendable {

    private let handle: pthread_t

    /// Starts a thread; `nil` when the system refuses.
    init?(_ body: @escaping @Sendable () -> Void) {
        final class Box {
            let body: @Sendable () -> Void
            init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        }
        #if canImport(Darwin)
            var handle: pthread_t?
        #else
            var handle = pthread_t()
        #endif
        let box = Unmanaged.passRetained(Box(body))
        let code = pthread_create(
            &handle, nil,
            { argument in
                #if canImport(Darwin)
                    Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body()
                #else
                    if let argument {
                        Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body()
                    }
                #endif
                return nil
            }, box.toOpaque())
        #if canImport(Darwin)
            guard code == 0, let handle else {
                box.release()
                return nil
            }
        #else
            guard code == 0 else {
                box.release()
                return nil
            }
        #endif
        self.handle = handle
    }

    /// Waits for the end of the thread.
    func join() { pthread_join(handle, nil) }
}

/// Where threads sleep until they are woken.
// Sendable: both pointers are to the system's own synchronization, allocated once.
final class Bed: @unchecked Sendable {
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

    /// Sleeps while `isIdle`, which is asked again after every wake.
    func sleep(while isIdle: () -> Bool) {
        pthread_mutex_lock(mutex)
        while isIdle() { pthread_cond_wait(condition, mutex) }
        pthread_mutex_unlock(mutex)
    }

    /// Wakes every sleeper.
    func wakeAll() {
        pthread_mutex_lock(mutex)
        pthread_cond_broadcast(condition)
        pthread_mutex_unlock(mutex)
    }
}
