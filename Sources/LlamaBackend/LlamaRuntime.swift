internal import CLlama
public import Logging
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// What llama.cpp keeps once per process: its backends and its log.
public enum LlamaRuntime {
    /// Whether it knows a GPU of this machine: `llama_supports_gpu_offload` counts RPC as one.
    static var hasGPU: Bool {
        _ = started
        return ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_GPU) != nil
            || ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_IGPU) != nil
    }

    /// Sends llama.cpp's messages to `logger`; until then they go nowhere.
    public static func setLogger(_ logger: Logger) {
        state.withLock { $0.logger = logger }
    }

    /// llama.cpp's version.
    public static var version: String { String(cString: llama_version()) }

    /// Starts llama.cpp once. Every use of the library goes through here first.
    ///
    /// ggml's tiled matrix products are not invariant to the batch size. Whether it uses them is
    /// settled for the process when it computes its first product, so levels with and without
    /// batch invariance do not go together in one process.
    static func start(isBatchInvariant: Bool = false) {
        if isBatchInvariant { setenv("GGML_CPU_TILED_MM", "0", 1) }
        _ = started
    }

    /// Runs `body` and returns what llama.cpp reported as errors meanwhile, for a message.
    static func collectingErrors<Result>(_ body: () -> Result) -> (Result, String) {
        state.withLock { $0.errors.removeAll() }
        let result = body()
        return (result, state.withLock { $0.errors.map(message).joined(separator: "; ") })
    }

    /// Makes an abort inside llama.cpp, which no check before the call foresaw, one line on
    /// standard error and an exit with this code, instead of a signal.
    public static func exitOnAbort() {
        ggml_set_abort_callback { text in
            let message = text.map { String(cString: $0) } ?? "no reason given"
            let line = "error: llama.cpp cannot go on: \(message)\n"
            _ = write(2, line, line.utf8.count)
            _exit(1)
        }
    }

    /// A line of llama.cpp's log without the name of the function that wrote it.
    private static func message(_ line: String) -> String {
        let parts = line.split(separator: ": ", maxSplits: 1)
        guard parts.count == 2, !parts[0].contains(" ") else { return line }
        return message(
            String(parts[1]).replacing("error loading model: ", with: "", maxReplacements: 1))
    }

    private struct State {
        var logger: Logger?
        var level = Logger.Level.info
        var line = ""
        var errors: [String] = []
    }

    private static let state = Mutex(State())

    private static let started: Void = {
        // A crash handler that runs a debugger has no place in somebody's server.
        setenv("GGML_NO_BACKTRACE", "1", 0)
        llama_log_set({ @Sendable level, text, _ in LlamaRuntime.log(level, text) }, nil)
        llama_backend_init()
    }()

    private static func log(_ level: ggml_log_level, _ text: UnsafePointer<CChar>?) {
        guard let text else { return }
        state.withLock { state in
            // CONT is 5, above ERROR: it continues the line of the level before it.
            switch level {
            case GGML_LOG_LEVEL_ERROR: state.level = .error
            case GGML_LOG_LEVEL_WARN: state.level = .warning
            case GGML_LOG_LEVEL_INFO: state.level = .info
            case GGML_LOG_LEVEL_DEBUG, GGML_LOG_LEVEL_NONE: state.level = .debug
            default: break
            }
            state.line += String(cString: text)
            guard state.line.hasSuffix("\n") else { return }
            let line = String(state.line.drop { $0 == "\n" }.prefix { $0 != "\n" })
            state.line = ""
            guard !line.isEmpty else { return }
            // The second line only says that the first one was fatal.
            if state.level == .error, state.errors.count < 8,
                !line.hasSuffix("failed to load model")
            {
                state.errors.append(line)
            }
            state.logger?.log(level: state.level, "\(line)")
        }
    }
}
