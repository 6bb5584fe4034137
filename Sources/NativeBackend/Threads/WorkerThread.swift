#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// One thread of the system.
// Sendable: a thread is only joined, once, by its owner.
struct WorkerThread: @unchecked Sendable {

    private let thread: pthread_t

    /// Starts a thread; `nil` when the system refuses.
    init?(_ body: @escaping @Sendable () -> Void) {
        final class Box {
            let body: @Sendable () -> Void
            init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        }
        #if canImport(Darwin)
            var thread: pthread_t?
        #else
            var thread = pthread_t()
        #endif
        let box = Unmanaged.passRetained(Box(body))
        let code = pthread_create(
            &thread, nil,
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
            guard code == 0, let thread else {
                box.release()
                return nil
            }
        #else
            guard code == 0 else {
                box.release()
                return nil
            }
        #endif
        self.thread = thread
    }

    /// Waits for the end of the thread.
    func join() { pthread_join(thread, nil) }
}
