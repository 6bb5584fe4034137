import Foundation
import Subprocess
import Testing

/// The built program, run as its users run it.
enum PyramidProgram {
    /// Runs `pyramid` with `arguments` and waits for its end.
    static func run(
        _ arguments: [String], input: [UInt8] = [],
        environment: [String: String] = [:]
    ) async throws -> CommandRun {
        try await shell(onlyProgram, arguments, input: input, environment: environment)
    }

    /// Runs a line of the shell, in which `"$0" "$@"` is `pyramid` with `arguments`.
    static func shell(
        _ line: String, _ arguments: [String], input: [UInt8] = [],
        environment: [String: String] = [:]
    ) async throws -> CommandRun {
        let added = environment.map {
            (Subprocess.Environment.Key(stringLiteral: $0), $1 as String?)
        }
        let result = try await Subprocess.run(
            .name("sh"), arguments: Arguments(["-c", line, try path()] + arguments),
            environment: cleanEnvironment.updating(
                Dictionary(added, uniquingKeysWith: { _, last in last })), input: .array(input),
            output: .bytes(limit: 1 << 20), error: .string(limit: 1 << 20))
        return CommandRun(
            result.terminationStatus, output: result.standardOutput,
            errors: result.standardError)
    }

    /// Runs `pyramid` and hands `body` its standard output as it comes, and the means to signal.
    static func run(
        _ arguments: [String],
        whileRunning body: (Execution<NoInput, SequenceOutput, StringOutput<UTF8>>) async throws
            -> Void
    ) async throws -> CommandRun {
        let result = try await Subprocess.run(
            .name("sh"), arguments: Arguments(["-c", onlyProgram, try path()] + arguments),
            environment: cleanEnvironment, input: .none, output: .sequence,
            error: .string(limit: 1 << 20)
        ) { try await body($0) }
        return CommandRun(result.terminationStatus, errors: result.standardError)
    }

    /// The program takes the place of the shell.
    private static let onlyProgram = #"exec "$0" "$@""#

    /// Nothing of the tester's own settings; a crash shows as its signal, without a debugger's
    /// report that takes seconds.
    private static let cleanEnvironment = Subprocess.Environment.inherit.updating([
        "LLAMA_ARG_MODEL": nil, "LLAMA_CACHE": nil, "NO_COLOR": nil, "HF_TOKEN": nil,
        "PYRAMID_MODELS": nil, "HF_HUB_CACHE": "/nonexistent/cache", "SWIFT_BACKTRACE": "enable=no",
        "XDG_CACHE_HOME": .some(cache.path),
    ])

    /// What all runs keep between them, such as costs of forwards; the tester's own stay as they
    /// are.
    private static let cache: URL = {
        // Static values are never deinitialized.
        atexit { try? FileManager.default.removeItem(at: PyramidProgram.cache) }
        return FileManager.default.temporaryDirectory
            .appendingPathComponent("pyramid-command-cache-\(UUID().uuidString)")
    }()

    /// PYRAMID_BINARY, else the program in the folder that the tests were built into.
    private static func path() throws -> String {
        if let path = ProcessInfo.processInfo.environment["PYRAMID_BINARY"] { return path }
        let starts = CommandLine.arguments + [Bundle.main.bundlePath]
        for start in starts where start.contains("/.build/") {
            var folder = URL(fileURLWithPath: start)
            while folder.lastPathComponent != ".build", folder.path != "/" {
                folder.deleteLastPathComponent()
                let program = folder.appendingPathComponent("pyramid").path
                var isFolder: ObjCBool = false
                if FileManager.default.fileExists(atPath: program, isDirectory: &isFolder),
                    !isFolder.boolValue
                {
                    return program
                }
            }
        }
        throw MissingProgram()
    }
}

/// There is nothing to test.
private struct MissingProgram: Error, CustomStringConvertible {
    let description = """
        no pyramid beside the tests; build it with `swift build --product pyramid`, or set \
        PYRAMID_BINARY to its path
        """
}
