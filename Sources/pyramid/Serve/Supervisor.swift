import Foundation
import LlamaBackend
import Logging
import NIOCore
import NIOPosix
import PyramidServer

/// Keeps a process alive that holds levels on RPC workers: libllama ends its process when a worker
/// is lost, so that process is started anew when all workers can be reached again.
struct Supervisor {
    let workers: [WorkerAddress]
    let socket: String
    let relay: RelayServer
    let state: RelayState
    /// How long running requests may take to end.
    let grace: Duration
    let logger: Logger

    /// - Throws: ``CommandFailure`` when a worker cannot be reached.
    func checkWorkers() async throws(CommandFailure) {
        guard let missing = await missingWorker() else { return }
        throw CommandFailure(
            "the RPC worker \(missing) cannot be reached; start it there with 'pyramid worker "
                + "--host ADDRESS --port \(missing.port)' and check what is between")
    }

    /// Runs until a signal has come and the process has ended.
    ///
    /// - Throws: ``CommandFailure`` when the process ends before it was ever ready.
    func run() async throws {
        var wasReady = false
        var failures = 0
        while !isOver {
            let child = try ChildServer(socket: socket)
            let isReady = await watch(child)
            if isOver { return }
            wasReady = wasReady || isReady
            guard wasReady else {
                throw CommandFailure("the process with the levels ended with \(child.end)")
            }
            failures = isReady ? 0 : failures + 1
            state.setDown(
                "the process with the levels ended, most likely because one of the workers "
                    + "\(list) was lost; it comes back when all of them can be reached")
            logger.error("the process with the levels ended", metadata: ["end": "\(child.end)"])
            await pause(seconds: min(30, 1 << min(failures, 5)))
            await waitForWorkers()
            if !isOver { logger.info("starting the levels again") }
        }
    }

    /// Follows a process to its end, which it brings about when the process is stuck.
    ///
    /// - Returns: Whether it was ready to answer.
    private func watch(_ child: ChildServer) async -> Bool {
        var isReady = false
        var deadline: ContinuousClock.Instant?
        var failures = 0
        var nextLook = ContinuousClock.now
        while child.isRunning {
            if let deadline, ContinuousClock.now > deadline { child.kill() }
            if isOver, deadline == nil {
                child.stop()
                // What it loads cannot be asked to end; what is stuck does not hear.
                deadline = .now + (isReady ? grace + .seconds(3) : .zero)
            }
            if deadline == nil, ContinuousClock.now >= nextLook {
                let answer = await relay.isReady()
                // While it loads it answers that it does.
                if !isReady, answer != nil { state.setUp() }
                isReady = isReady || answer == true
                // A worker that hangs stops the rounds, which its /health tells after a while.
                failures = isReady && answer != true ? failures + 1 : 0
                if failures == Self.mostFailures { child.kill() }
                nextLook = .now + (isReady ? .seconds(2) : .milliseconds(50))
            }
            await rest(.milliseconds(50))
        }
        return isReady
    }

    /// How many answers in a row may say that a process which was ready is not.
    private static let mostFailures = 3

    /// Waits, also in a task that was cancelled.
    private func rest(_ time: Duration) async {
        await Task.detached { try? await Task.sleep(for: time) }.value
    }

    private func waitForWorkers() async {
        var reported: WorkerAddress?
        while !isOver, let missing = await missingWorker() {
            if missing != reported {
                logger.warning("worker cannot be reached", metadata: ["worker": "\(missing)"])
            }
            reported = missing
            await pause(seconds: 1)
        }
    }

    /// The first worker that takes no connection.
    private func missingWorker() async -> WorkerAddress? {
        for worker in workers {
            let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(.seconds(3))
            guard
                let channel = try? await bootstrap.connect(host: worker.host, port: worker.port)
                    .get()
            else { return worker }
            try? await channel.close()
        }
        return nil
    }

    /// Waits, but not for long once a signal has come.
    private func pause(seconds: Int) async {
        for _ in 0..<(seconds * 10) where !isOver {
            await rest(.milliseconds(100))
        }
    }

    /// Whether a signal has come, or the relay could not listen.
    private var isOver: Bool { Interrupts.pending != nil || Task.isCancelled }

    private var list: String { workers.map(\.description).joined(separator: ", ") }
}
