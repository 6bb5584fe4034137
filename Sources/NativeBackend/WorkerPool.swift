/// Threads that share the work of a forward.
public final class WorkerPool: Sendable {
    /// The threads, the caller's included.
    public let threads: Int

    /// A pool of `threads` threads, the caller's included.
    public init(threads: Int) {
        self.threads = threads
    }
}
