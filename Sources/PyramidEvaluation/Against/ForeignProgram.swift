internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Another program that runs beside this one and ends with it.
///
/// A shell stands between: it waits for the program, and for the end of its own standard input,
/// which comes when this program closes it or is no more, whatever ended it.
final class ForeignProgram {
    /// Runs `$0 "$@"`; asks it to end when standard input ends, and makes it when told to end.
    private static let script = """
        exec 3<&0
        "$0" "$@" </dev/null 3<&- &
        program=$!
        trap 'kill -9 "$program"' TERM
        { trap - TERM; read -r _; kill "$program"; } <&3 2>/dev/null &
        watcher=$!
        exec 3<&-
        wait "$program"
        end=$?
        kill "$watcher" 2>/dev/null
        exit "$end"
        """

    private let process = Process()
    private let input = Pipe()
    private let log: URL

    /// Starts a program, whose output goes into a file of its own.
    ///
    /// - Throws: When it cannot be started.
    init(_ path: String, arguments: [String]) throws {
        log = FileManager.default.temporaryDirectory
            .appending(path: "pyramid-\(UUID().uuidString).log")
        try Data().write(to: log)
        let output = try FileHandle(forWritingTo: log)
        defer { try? output.close() }
        // Else a program started later would hold this end open too.
        _ = fcntl(input.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", Self.script, path] + arguments
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try Self.withAllSignals { try process.run() }
        try? input.fileHandleForReading.close()
    }

    /// A program inherits which signals its starter's thread blocks: those of Dispatch block most,
    /// and the shell would wait for ever.
    private static func withAllSignals(_ body: () throws -> Void) rethrows {
        var none = sigset_t()
        var before = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try body()
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(at: log)
    }

    /// How it ended, in words; `nil` while it runs.
    var end: String? {
        guard !process.isRunning else { return nil }
        let status = Int(process.terminationStatus)
        // As the shell tells of signals.
        return status > 128 ? "signal \(status - 128)" : "exit status \(status)"
    }

    /// All that it has printed so far.
    var output: String {
        (try? String(contentsOf: log, encoding: .utf8)) ?? ""
    }

    /// The last lines of that, without empty ones.
    var lastLines: [String] {
        output.split(whereSeparator: \.isNewline).suffix(12).map(String.init)
    }

    /// Waits until it ends by itself.
    func wait() {
        process.waitUntilExit()
    }

    /// Asks it to end, makes it after 5 seconds, and waits until it has.
    func stop() {
        try? input.fileHandleForWriting.close()
        for _ in 0..<500 where process.isRunning { Thread.sleep(forTimeInterval: 0.01) }
        if process.isRunning { process.terminate() }
        process.waitUntilExit()
    }
}
