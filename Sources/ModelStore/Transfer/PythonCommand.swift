import Foundation
import Synchronization

/// The Python interpreter as a child program.
struct PythonCommand: Sendable {
    /// How a run ended.
    struct Outcome: Sendable {
        /// The exit status.
        let status: Int32

        /// The last 2,000 characters of the error output.
        let errorOutput: String
    }

    private let executable: URL
    private let environment: [String: String]

    /// Looks `name` up in the `PATH` of `environment`; a name with a slash is a path.
    ///
    /// - Throws: ``ModelStoreError`` with code `pythonMissing`.
    init(_ name: String, environment: [String: String]) throws(ModelStoreError) {
        let folders = name.contains("/") ? [""] : (environment["PATH"] ?? "").split(separator: ":")
        let paths = folders.map { $0.isEmpty ? name : "\($0)/\(name)" }
        guard let path = paths.first(where: FileManager.default.isExecutableFile(atPath:)) else {
            throw ModelStoreError(
                code: .pythonMissing,
                message: """
                    \(name) was not found, which the Python packages need: install Python 3 with \
                    pip or add it to PATH.
                    """)
        }
        executable = URL(fileURLWithPath: path)
        self.environment = environment
    }

    /// Runs `arguments` in `folder`, which also holds the temporary files, and waits. A
    /// cancellation ends the child.
    ///
    /// - Throws: ``ModelStoreError`` if it cannot be started; `CancellationError`.
    func run(_ arguments: [String], in folder: URL) async throws -> Outcome {
        let errors = folder.appendingPathComponent("errors.txt")
        let child = Process()
        child.executableURL = executable
        child.arguments = arguments
        child.currentDirectoryURL = folder
        child.environment = environment.merging(["TMPDIR": folder.path]) { $1 }
        child.standardInput = FileHandle.nullDevice
        child.standardOutput = FileHandle.nullDevice
        do {
            // A file, not a pipe: nobody has to read it while the child runs.
            try Data().write(to: errors)
            child.standardError = try FileHandle(forWritingTo: errors)
        } catch {
            throw ModelStoreError.storage("write", path: errors.path, error: error)
        }
        let status = try await exitStatus(of: child)
        try Task.checkCancellation()
        let text = (try? String(contentsOf: errors, encoding: .utf8)) ?? ""
        return Outcome(status: status, errorOutput: String(text.suffix(2_000)))
    }

    private func exitStatus(of child: Process) async throws -> Int32 {
        let isCancelled = Mutex(false)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                child.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
                // Under the lock a cancellation comes either before the start or after it.
                isCancelled.withLock { isCancelled in
                    guard !isCancelled else {
                        return continuation.resume(throwing: CancellationError())
                    }
                    do {
                        try child.run()
                    } catch {
                        continuation.resume(throwing: startFailure(error))
                    }
                }
            }
        } onCancel: {
            isCancelled.withLock { isCancelled in
                isCancelled = true
                if child.isRunning { child.terminate() }
            }
        }
    }

    private func startFailure(_ error: any Error) -> ModelStoreError {
        ModelStoreError(
            code: .pythonMissing, message: "Cannot start \(executable.path): \(error).")
    }
}
