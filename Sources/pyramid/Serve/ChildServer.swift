import Foundation

/// This program once more, as a process that holds the levels and answers on a socket.
final class ChildServer {
    private let process = Process()
    // A byte asks the child to end; the pipe's end tells it that this process is gone, whatever
    // became of it.
    private let lifeline = Pipe()

    /// Starts it with this process's own arguments.
    ///
    /// - Throws: When the system refuses.
    init(socket: String) throws {
        // Through the link, so that an update of the file does not mix two versions.
        let own = "/proc/self/exe"
        process.executableURL = URL(
            fileURLWithPath: FileManager.default.fileExists(atPath: own)
                ? own : Bundle.main.executablePath ?? CommandLine.arguments[0])
        process.arguments = CommandLine.arguments.dropFirst() + [Self.flag, socket]
        process.standardInput = lifeline
        try process.run()
    }

    /// The hidden flag that makes a server a child.
    static let flag = "--child-socket"

    var isRunning: Bool { process.isRunning }

    /// How it ended, in words.
    var end: String {
        process.terminationReason == .exit
            ? "exit code \(process.terminationStatus)" : "signal \(process.terminationStatus)"
    }

    /// Asks it to end as SIGTERM does.
    func stop() {
        try? lifeline.fileHandleForWriting.write(contentsOf: [0])
    }

    /// Ends it at once.
    func kill() {
        Foundation.kill(process.processIdentifier, SIGKILL)
    }

    /// In the child: the parent alone says when it ends, since a terminal or systemd signals both;
    /// it ends at once when the parent is gone.
    static func followParent() {
        for number in [SIGINT, SIGTERM] { signal(number, SIG_IGN) }
        Thread.detachNewThread {
            while let data = try? FileHandle.standardInput.read(upToCount: 1), !data.isEmpty {
                Interrupts.ask(SIGTERM)
            }
            StandardError.write("error: the process that this one belongs to is gone\n")
            _exit(1)
        }
    }
}
