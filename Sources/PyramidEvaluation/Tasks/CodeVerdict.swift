/// Whether a generated program does what it should.
public struct CodeVerdict: Sendable, Equatable {
    /// Whether all checks ran and held.
    public var passes: Bool
    /// Why not, in a few words; `nil` when it passes.
    public var reason: String?

    /// Runs a program's checks in a sandbox.
    ///
    /// It passes only if the program ends by itself without an error and its last line of output
    /// is a number drawn for this run, which the program prints after the checks: one that ends
    /// early, as by `exit(0)`, never gets there.
    ///
    /// - Parameters:
    ///   - source: The generated program.
    ///   - task: The checks.
    ///   - sandbox: Where it runs.
    /// - Throws: When no process can be started.
    public init(
        source: String, task: ProgramTask, sandbox: CodeSandbox
    ) async throws {
        let nonce = String(UInt64.random(in: 0...UInt64.max), radix: 16)
        let program = """
            \(source)

            \(task.test)

            check(\(task.entryPoint))
            print("\\n\(nonce)")
            """
        let outcome = try await sandbox.run(program)
        let reason = Self.reason(outcome, nonce: nonce)
        passes = reason == nil
        self.reason = reason
    }

    private static func reason(_ outcome: SandboxOutcome, nonce: String) -> String? {
        switch outcome.end {
        case .outOfTime: return "took too long"
        case .tooMuchOutput: return "wrote too much"
        case .signaled(let signal): return "ended by signal \(signal)"
        case .exited(0):
            return outcome.output.hasSuffix("\n\(nonce)\n") ? nil : "ended before its checks did"
        case .exited:
            let lines = outcome.output.split(separator: "\n")
            return lines.last.map { String($0.prefix(200)) } ?? "failed without a word"
        }
    }
}
