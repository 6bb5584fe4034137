/// Timing for tests that promise a speed.
enum Stopwatch {
    /// The promise for opening a file or comparing two vocabularies.
    static var limit: Duration {
        // Unoptimized code, perhaps with a sanitizer, is only asked not to be hopeless.
        #if DEBUG
            .seconds(2)
        #else
            .milliseconds(50)
        #endif
    }

    /// The shortest of five runs, so that other work on the machine does not fail a test.
    static func fastest(_ body: () throws -> Void) rethrows -> Duration {
        var fastest = Duration.seconds(3600)
        for _ in 0..<5 { fastest = min(fastest, try ContinuousClock().measure(body)) }
        return fastest
    }
}
