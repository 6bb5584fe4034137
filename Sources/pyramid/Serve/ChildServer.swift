import Foundation

/// This program once more, as a process that holds the levels and answers on a socket.
final class ChildServer {
    private let process = Process()
    // Its end tells the child that this process is gone, whatever became of it.
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

    /// Asks it to end as SIGTERM does, unless the terminal has asked the whole group already.
    func stop() {
        if Interrupts.pending == SIGINT, getpgid(process.processIdentifier) == getpgrp() { return }
        process.terminate()
    }

    /// In the child: ends the process when the parent is gone.
    static func endWithParent() {
        Thread.detachNewThread {
            while let data = try? FileHandle.standardInput.read(upToCount: 4096), !data.isEmpty {}
            StandardError.write("error: the process that this one belongs to is gone\n")
            _exit(1)
        }
    }
}
