import Foundation
import LlamaBackend
import Logging
import PyramidServer

extension ServeCommand {
    /// Serves with the levels in a process of their own, which can be lost and started anew.
    func supervise(
        _ workers: [WorkerAddress], _ options: ServerOptions, _ logger: Logger
    ) async throws {
        // A child that is gone when it is asked to stop must not end this process.
        signal(SIGPIPE, SIG_IGN)
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "pyramid-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        let socket = folder.appending(path: "socket").path
        guard socket.utf8.count < 100 else {
            throw CommandFailure(
                "the folder for temporary files is too long for a socket: \(folder.path); set "
                    + "TMPDIR to a shorter one")
        }
        let state = RelayState()
        let relay = RelayServer(state, socket: socket, options: options, logger: logger)
        let supervisor = Supervisor(
            workers: Array(Set(workers)).sorted { "\($0)" < "\($1)" }, socket: socket,
            relay: relay, state: state, grace: options.grace, logger: logger)
        let application = try relay.application { port in listening(at: port, options, logger) }
        do {
            try await supervisor.checkWorkers()
            try await run(application, options, logger) {
                try await supervisor.run()
            } stop: {
            }
        } catch {
            await relay.shutDown()
            throw error
        }
        await relay.shutDown()
    }
}
