import ArgumentParser
import Foundation

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
        if error is ExitCode || error is ValidationError || error is CleanExit { return error }
        StandardError.write("error: \(error)\n")
        return ExitCode.failure
    }
}

/// Text to standard error; what cannot be written there is lost.
enum StandardError {
    static func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
