/// How far a bench is.
public struct BenchProgress: Sendable, Equatable {
    /// Runs that are done, those of an earlier bench not counted.
    public var done: Int
    /// Runs in all.
    public var total: Int
    /// The time since the first run began.
    public var elapsed: Duration

    /// A state of a bench.
    public init(done: Int, total: Int, elapsed: Duration) {
        self.done = done
        self.total = total
        self.elapsed = elapsed
    }

    /// The time left if the other runs take as long as those so far; `nil` before the first.
    public var timeLeft: Duration? {
        done > 0 ? elapsed * (total - done) / done : nil
    }
}
