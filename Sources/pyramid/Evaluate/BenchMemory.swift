import Foundation
import GGUF
import PyramidBackends
import PyramidEvaluation

/// Measures how much memory a set of levels needs at most, in a process of its own: in ours, one
/// set's memory cannot be told from another's.
struct MemoryProbe {
    /// All levels, bottom first.
    let sources: [LevelSource]
    let runtime: RuntimeFlags

    /// Runs `pyramid generate` on some of the levels and asks the system for the peak of what was
    /// in memory, pages of mapped files included.
    ///
    /// To be called before models are loaded: a new process starts with its parent's figure.
    func measure(_ levels: [Int]) throws -> MemoryRecord {
        let chosen = levels.map { sources[$0] }
        let names = chosen.map(LevelName.short)
        StandardError.write("measuring the memory of \(names.joined(separator: ", "))\n")
        guard let program = Bundle.main.executablePath else {
            throw CommandFailure("cannot find this program's own file; leave out --memory")
        }
        let arguments =
            ["generate", "-p", Self.prompt, "-n", "32", "--temp", "0", "--no-stats"]
            + chosen.flatMap { ["--level", $0.text] } + runtimeArguments
        let child = ChildProcess(program: program, arguments: arguments)
        let bytes = try child.peakBytes()
        let files = try Set(chosen.compactMap(\.path)).map {
            try GGUFModelFiles(path: $0).byteCount
        }
        return MemoryRecord(
            levels: names, peakBytes: bytes, fileBytes: files.reduce(0, +))
    }

    private static let prompt = "The quick brown fox jumps over the lazy dog. The quick brown fox"

    /// Threads of single levels are left out: levels that are not in the set would refuse them.
    private var runtimeArguments: [String] {
        var arguments = ["--backend", runtime.backend, "--numerics", runtime.numerics]
        if let ctxSize = runtime.ctxSize { arguments += ["-c", "\(ctxSize)"] }
        if let threads = runtime.threads { arguments += ["-t", "\(threads)"] }
        if runtime.gpuLayers != 0 { arguments += ["-ngl", "\(runtime.gpuLayers)"] }
        return arguments
    }
}

/// A process whose resources are counted; Foundation's does not tell them.
private struct ChildProcess {
    let program: String
    let arguments: [String]

    /// The most bytes that it had in memory at one time. Its output is dropped.
    func peakBytes() throws -> Int {
        let child = try spawn()
        var status: Int32 = 0
        var usage = rusage()
        while wait4(child, &status, 0, &usage) < 0 {
            guard errno == EINTR else { throw failure("wait", errno) }
        }
        // The low seven bits are the signal that ended it, the next byte its exit code.
        guard status == 0 else {
            let reason =
                status & 0x7F != 0
                ? "signal \(status & 0x7F)" : "exit code \((status >> 8) & 0xFF)"
            throw CommandFailure(
                "measuring memory: 'pyramid \(arguments.joined(separator: " "))' ended with "
                    + reason)
        }
        #if canImport(Darwin)
            return Int(usage.ru_maxrss)
        #else
            return Int(usage.ru_maxrss) * 1024
        #endif
    }

    private func spawn() throws -> pid_t {
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
        #else
            var actions = posix_spawn_file_actions_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
        var words = ([program] + arguments).map { strdup($0) } + [nil]
        defer { words.forEach { free($0) } }
        var child: pid_t = 0
        let code = posix_spawn(&child, program, &actions, nil, &words, environ)
        guard code == 0 else { throw failure("start", code) }
        return child
    }

    private func failure(_ verb: String, _ code: Int32) -> CommandFailure {
        CommandFailure(
            "measuring memory: cannot \(verb) \(program): \(String(cString: strerror(code)))")
    }
}
