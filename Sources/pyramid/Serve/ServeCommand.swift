import ArgumentParser
import Foundation
import Grammar
import Hummingbird
import LlamaBackend
import Logging
import PyramidBackends
import PyramidDecoding
import PyramidEngine
import PyramidServer
import ServiceLifecycle

/// Serves a pyramid to many users at once.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serves OpenAI's API, and a page, for many users at once.",
        discussion: """
            /v1/chat/completions, /v1/completions, /v1/models, /tokenize, /detokenize, \
            /apply-template, /health, /props, /slots and /metrics; a page to chat at /. All \
            requests share each level's forwards. In exact modes a text does not depend on what \
            else runs. The first SIGTERM or SIGINT lets running requests end, the second exits at \
            once.
            """)

    @OptionGroup(title: "Levels") var levels: LevelFlags
    @OptionGroup(title: "Server") var server: ServeFlags
    @OptionGroup(title: "Mode, where a request does not say it") var mode: ModeFlags
    @OptionGroup(title: "Control") var control: ControlFlags
    @OptionGroup(title: "Sampling, where a request does not say it") var sampling: SamplingFlags
    @OptionGroup(title: "Runtime") var runtime: RuntimeFlags
    @OptionGroup(visibility: .hidden) var foreign: ForeignFlags

    func run() async throws {
        try await CommandFailure.reporting { try await serve() }
    }

    private func serve() async throws {
        let sources = try levels.sources(for: mode.decodingMode())
        let decoding = try DecodingOptions(
            mode, control, sampling, levels: sources, maximumTokens: 1)
        let options = try server.options()
        let logger = Self.logger(isJSON: server.logJson, isVerbose: runtime.verbose)
        let workers = try runtime.workersPerLevel(sources).flatMap { $0 }
        if !workers.isEmpty, server.childSocket == nil {
            warnIfPublic(options, logger)
            return try await supervise(workers, options, logger)
        }
        if server.childSocket != nil { ChildServer.followParent() }
        var modelOptions = try runtime.modelOptions(for: sources)
        modelOptions.sequenceCapacity = server.parallel
        // A server must not find out while it serves that memory is short.
        modelOptions.reservesCaches = true
        warnIfPublic(options, logger)
        var defaults = ServingDefaults(decoding: decoding, hasLookaheads: mode.hasLookaheads)
        defaults.maximumTokens = server.predict == -1 ? nil : server.predict
        defaults.deadline = server.timeout == 0 ? nil : .seconds(server.timeout)

        let place = ModelPlace()
        let metrics = ServerMetrics()
        let name = server.alias ?? levels.family ?? LevelName.short(sources[sources.count - 1])
        let engine = ServingEngine(limits: limits) { [modelOptions, defaults] in
            let loaded = try ModelPyramid(levels: sources, options: modelOptions) { memory in
                logger.info("loading", metadata: ["memory": "\(memory.report)"])
            }
            let store = Environment.controlStore
            if decoding.control == .auto { try loaded.prepareControl(from: store) }
            let names = sources.map(LevelName.short)
            metrics.prepare(levels: names)
            place.set(
                ServedModel(
                    name: name, contextSize: loaded.pyramid.contextSize, levels: names,
                    hasLookup: sources.first == .ngram, places: loaded.pyramid.sequenceCapacity,
                    text: LlamaText(loaded.vocabulary, loaded.tokenizer), defaults: defaults,
                    facts: Self.facts(loaded)))
            let generator = Generator(
                pyramid: loaded.pyramid, tokenizer: loaded.tokenizer,
                sharedPrefillRows: 64, keepsCaches: true)
            return LoadedGenerator(generator) { if let store { loaded.keepControl(in: store) } }
        }
        let state = ServerState(engine: engine, options: options, metrics: metrics)
        place.connect(state)
        let server = PyramidServer(state, logger: logger)
        let application = try server.application { port in listening(at: port, options, logger) }
        try await run(application, options, logger) {
            var failure: String?
            while failure == nil, Interrupts.pending == nil, !Task.isCancelled {
                if case .failed(let reason) = engine.status.phase { failure = reason }
                try? await Task.sleep(for: .milliseconds(50))
            }
            if let failure { throw CommandFailure(failure) }
        } stop: {
            await engine.stop(grace: options.grace)
        }
    }

    func warnIfPublic(_ options: ServerOptions, _ logger: Logger) {
        guard options.isPublic, options.keys.isEmpty else { return }
        logger.warning(
            "\(options.host) can be reached from other machines and no key is asked for; use --api-key"
        )
    }

    func listening(at port: Int, _ options: ServerOptions, _ logger: Logger) {
        // Of a child only its parent has to know.
        guard options.socket == nil else { return }
        let scheme = options.certificate == nil ? "http" : "https"
        logger.info("listening", metadata: ["url": "\(scheme)://\(options.host):\(port)/"])
    }

    /// What the levels are and need, for `/props`.
    private static func facts(_ loaded: ModelPyramid) -> JSONValue {
        func number(_ bytes: Int) -> JSONValue { .number("\(bytes)") }
        let memory = loaded.memory
        let levels = memory.levels.map { level -> JSONValue in
            .object([
                .init("path", .string(level.path)),
                .init("backend", .string(level.backend.rawValue)),
                .init("weights_bytes", number(level.weightBytes)),
                .init("kv_cache_bytes", number(level.cacheBytes)),
                .init("work_bytes", number(level.workBytes)),
            ])
        }
        let numerics = loaded.batchInvariance.compactMap { $0 }.map { invariance -> JSONValue in
            switch invariance {
            case .guaranteed: .string("bit-identical in any batch")
            case .unknown(let reason): .string("exact up to ties that rounding breaks: \(reason)")
            }
        }
        return .object([
            .init("memory", .array(levels)), .init("numerics", .array(numerics)),
            .init("memory_bytes", number(memory.totalBytes)),
        ])
    }

    private var limits: ServingLimits {
        var limits = ServingLimits()
        limits.waiting = server.queue
        limits.stuckAfter = .seconds(server.stuckAfter)
        return limits
    }

    /// Serves until `work`, which a signal ends, is over.
    ///
    /// - Parameters:
    ///   - work: What the server is for; it fails when there is nothing to serve.
    ///   - stop: What is to be done so that running requests end.
    func run(
        _ application: some ApplicationProtocol, _ options: ServerOptions, _ logger: Logger,
        _ work: @escaping @Sendable () async throws -> Void,
        stop: @escaping @Sendable () async -> Void
    ) async throws {
        if server.childSocket == nil { Interrupts.install() }
        var configuration = ServiceGroupConfiguration(services: [application], logger: logger)
        // Whoever reads too slowly for the end of an answer is cut off.
        configuration.maximumGracefulShutdownDuration = options.grace + .seconds(2)
        let group = ServiceGroup(configuration: configuration)
        let watch = Task {
            let result: Result<Void, any Error>
            do { result = .success(try await work()) } catch { result = .failure(error) }
            if Interrupts.pending != nil { logger.info("stopping") }
            async let stopped: Void = stop()
            await group.triggerGracefulShutdown()
            await stopped
            return result
        }
        do {
            try await group.run()
        } catch {
            // The address, a port that is taken or may not be used: nothing else fails here.
            watch.cancel()
            _ = await watch.value
            throw CommandFailure(
                "cannot listen on \(options.host), port \(options.port): \(error); choose another "
                    + "--host or --port")
        }
        try await watch.value.get()
        if let signal = Interrupts.pending, signal != SIGTERM {
            throw ExitCode(Interrupts.exitCode(signal))
        }
    }

    private static func logger(isJSON: Bool, isVerbose: Bool) -> Logger {
        var logger = Logger(label: "pyramid") { label in
            let handler: any LogHandler =
                isJSON ? JSONLogHandler() : StreamLogHandler.standardError(label: label)
            return handler
        }
        logger.logLevel = isVerbose ? .debug : .info
        return logger
    }
}
