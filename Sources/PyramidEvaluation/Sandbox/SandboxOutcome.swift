/// How a program in the sandbox ended.
public struct SandboxOutcome: Sendable, Equatable {
    /// Why it ended.
    public enum End: Sendable, Equatable {
        /// It ended by itself with this code.
        case exited(Int)
        /// A signal ended it: it reached a limit, or broke.
        case signaled(Int)
        /// It took longer than it may.
        case outOfTime
        /// It wrote more than it may.
        case tooMuchOutput
    }

    /// Why it ended.
    public var end: End
    /// What it wrote to standard output and standard error, cut to the limit.
    public var output: String

    /// A program that ended like this.
    public init(end: End, output: String) {
        self.end = end
        self.output = output
    }
}
