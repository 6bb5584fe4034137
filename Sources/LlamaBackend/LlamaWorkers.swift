internal import CLlama

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// llama.cpp's RPC: devices of other processes, mostly on other machines, on which layers run.
public enum LlamaWorkers {
    /// The devices of workers, which it connects to.
    ///
    /// llama.cpp ends the process when one of them cannot be reached, now or later.
    static func devices(
        of workers: [WorkerAddress]
    ) throws(LlamaError) -> [ggml_backend_dev_t] {
        typealias Add = @convention(c) (UnsafePointer<CChar>?) -> ggml_backend_reg_t?
        let add = unsafeBitCast(
            try function("ggml_backend_rpc_add_server"), to: Add.self)
        var devices: [ggml_backend_dev_t] = []
        for worker in workers {
            let offered = add(worker.description).map { registry in
                (0..<ggml_backend_reg_dev_count(registry)).compactMap {
                    ggml_backend_reg_dev_get(registry, $0)
                }
            }
            guard let offered, !offered.isEmpty else {
                throw LlamaError(
                    .noWorker, "\(worker): the worker has no device; start it with one")
            }
            devices += offered
        }
        return devices
    }

    /// Serves this machine's devices to one program at a time until the process ends: its GPUs, or
    /// its CPU where it has none.
    ///
    /// - Parameters:
    ///   - address: Where to listen. Whoever reaches it can use the machine: never an open network.
    ///   - threads: Threads of the CPU's device.
    /// - Throws: ``LlamaError`` when this llama.cpp has no RPC, or the address cannot be had.
    public static func serve(
        at address: WorkerAddress, threads: Int
    ) throws(LlamaError) -> Never {
        typealias Serve =
            @convention(c) (
                UnsafePointer<CChar>?, UnsafePointer<CChar>?, Int, Int,
                UnsafeMutablePointer<ggml_backend_dev_t?>?
            ) -> Void
        LlamaRuntime.start(isBatchInvariant: true)
        let serve = unsafeBitCast(
            try function("ggml_backend_rpc_start_server"), to: Serve.self)
        let all = (0..<ggml_backend_dev_count()).map { ggml_backend_dev_get($0) }
        let kinds = { (kind: ggml_backend_dev_type) in
            all.filter { ggml_backend_dev_type($0) == kind }
        }
        var devices =
            kinds(GGML_BACKEND_DEVICE_TYPE_GPU) + kinds(GGML_BACKEND_DEVICE_TYPE_IGPU)
        if devices.isEmpty { devices = kinds(GGML_BACKEND_DEVICE_TYPE_CPU) }
        // A client that goes away in the middle of an answer must not end the worker.
        signal(SIGPIPE, SIG_IGN)
        serve(address.description, nil, threads, devices.count, &devices)
        // It serves for ever unless it cannot start.
        throw LlamaError(
            .noWorker,
            "cannot listen on \(address); choose another --host or --port")
    }

    private static var registry: ggml_backend_reg_t? {
        LlamaRuntime.start()
        return ggml_backend_reg_by_name("RPC")
    }

    /// By name, since a libllama of the system may come without.
    private static func function(
        _ name: String
    ) throws(LlamaError) -> UnsafeMutableRawPointer {
        guard let registry, let found = ggml_backend_reg_get_proc_address(registry, name) else {
            throw LlamaError(
                .noWorker,
                "this llama.cpp was built without RPC; build it with GGML_RPC, as 'make' does")
        }
        return found
    }
}
