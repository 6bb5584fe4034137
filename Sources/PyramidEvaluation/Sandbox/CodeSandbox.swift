#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif
internal import Subprocess

/// Runs Python programs that a model wrote: in a process of their own, with no network, no view of
/// the machine's files, and limits on time, memory, processes, files and output.
public struct CodeSandbox: Sendable {
    /// What each program may use.
    public let limits: SandboxLimits

    /// A sandbox, tried once with a program that is known to end well.
    ///
    /// - Throws: ``SandboxError`` when this machine has no safe one.
    public init(limits: SandboxLimits = SandboxLimits()) async throws {
        self.limits = limits
        #if os(Linux)
            let outcome: SandboxOutcome
            do {
                outcome = try await run("print('ready')")
            } catch {
                throw SandboxError.unavailable("\(error)")
            }
            guard outcome.end == .exited(0), outcome.output == "ready\n" else {
                let reason = outcome.output.split(separator: "\n").first.map(String.init)
                throw SandboxError.unavailable(reason ?? "a test program ended: \(outcome.end)")
            }
        #else
            throw SandboxError.unavailable("this is not Linux")
        #endif
    }

    /// Runs a Python program to its end, or until it reaches a limit.
    ///
    /// - Throws: When no process can be started.
    public func run(_ program: String) async throws -> SandboxOutcome {
        // As python3 would; and an argument ends there.
        guard !program.utf8.contains(0) else {
            return SandboxOutcome(end: .exited(1), output: "a program cannot have null bytes\n")
        }
        let command = SandboxScript.command(program, isRoot: geteuid() == 0, limits)
        let clock = ContinuousClock()
        let began = clock.now
        let result = try await Subprocess.run(
            .name(command[0]), arguments: Arguments(Array(command.dropFirst())),
            environment: .custom(["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]),
            platformOptions: Self.ownGroup, input: .none, output: .sequence,
            error: .combinedWithOutput
        ) { execution in
            let timer = Task {
                try await Task.sleep(for: limits.time)
                try execution.send(signal: .kill, toProcessGroup: true)
            }
            defer { timer.cancel() }
            var output: [UInt8] = []
            for try await buffer in execution.standardOutput {
                buffer.withUnsafeBytes { output.append(contentsOf: $0) }
                if output.count > limits.output {
                    try? execution.send(signal: .kill, toProcessGroup: true)
                    break
                }
            }
            return output
        }
        let output = result.closureResult
        return SandboxOutcome(
            end: end(result.terminationStatus, output: output.count, time: clock.now - began),
            output: String(decoding: output.prefix(limits.output), as: UTF8.self))
    }

    /// A signal to the group then reaches the sandbox alone, and the terminal's Ctrl-C does not.
    private static var ownGroup: PlatformOptions {
        var options = PlatformOptions()
        options.processGroupID = 0
        return options
    }

    private func end(
        _ status: TerminationStatus, output: Int, time: Duration
    ) -> SandboxOutcome.End {
        if output > limits.output { return .tooMuchOutput }
        return switch status {
        case .exited(let code): .exited(Int(code))
        case .signaled where time >= limits.time: .outOfTime
        case .signaled(let signal): .signaled(Int(signal))
        }
    }
}
