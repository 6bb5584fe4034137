import ArgumentParser
import PyramidDecoding

/// A failure to be told to the user: one line, and the exit code 1.
struct CommandFailure: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }

    /// Runs `body`; what it throws becomes `error: ...` on standard error.
    static func reporting(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch {
            throw report(error)
        }
    }

    /// Runs `body`; what it throws becomes `error: ...` on standard error.
    static func reporting(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch {
            throw report(error)
        }
    }

    private static func report(_ error: any Error) -> any Error {
        if error is ExitCode || error is CleanExit { return error }
        var text = "\(error)"
        if case .promptTooLong = error as? StartError { text += " (-c)" }
        StandardError.write("error: \(text)\n")
        return isUsage(error) ? ExitCode.validationFailure : ExitCode.failure
    }

    /// Whether the command line is at fault, not the world.
    private static func isUsage(_ error: any Error) -> Bool {
        if error is ValidationError || error is ConfigurationError { return true }
        if case .configuration = error as? StartError { return true }
        return false
    }
}
