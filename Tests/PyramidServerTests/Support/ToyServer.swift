import Foundation
import Grammar
import Hummingbird
import HummingbirdTesting
import Logging
import PyramidDecoding
import PyramidEngine
import PyramidServer
import PyramidTestSupport
import Synchronization

/// A server over toy levels, on a real socket.
struct ToyServer {
    var options = ServerOptions()
    var limits = ServingLimits()
    var deadline: Duration?
    var places = 3
    /// The target's forwards that fail.
    var failingForwards: Set<Int> = []
    /// How long each round takes at least.
    var roundTime: Duration = .zero
    /// Whether the models get loaded.
    var isLoaded = true

    static let toy: ToyPyramid = {
        var toy = ToyPyramid(levelCount: 3, vocabularySize: ToyText.size, seed: 5)
        toy.contextSize = 512
        return toy
    }()

    /// What answers without HTTP.
    func engine() -> ServingEngine<ToyModel> {
        ServingEngine(limits: limits) { try load() }
    }

    private func load() throws -> LoadedGenerator<ToyModel> {
        guard isLoaded else { throw ToyText.Failure(description: "the file is broken") }
        var toy = Self.toy
        toy.sequenceCapacity = places
        let models = toy.makeModels()
        models.last?.failingForwards = failingForwards
        let pyramid = try toy.make(models)
        let roundTime = roundTime
        return LoadedGenerator(
            Generator(
                pyramid: pyramid, tokenizer: SlowText(roundTime), prefillRows: 8,
                sharedPrefillRows: 3,
                keepsCaches: true))
    }

    var defaults: ServingDefaults {
        var sampling = Sampling()
        sampling.temperature = 1
        sampling.topK = 0
        sampling.topP = 1
        sampling.minP = 0
        return ServingDefaults(
            decoding: DecodingOptions(
                lookaheads: [2, 4], mode: .coupled, sampling: sampling, maximumTokens: 1),
            hasLookaheads: true, maximumTokens: 40, deadline: deadline)
    }

    var model: ServedModel {
        ServedModel(
            name: "toy", contextSize: 512, levels: ["low", "middle", "high"], hasLookup: false,
            places: places, text: ToyText(), defaults: defaults)
    }

    /// Serves while `body` runs.
    func run<Value: Sendable>(
        hasModel: Bool = true, engine given: ServingEngine<ToyModel>? = nil,
        _ body: @Sendable (any TestClientProtocol, ServingEngine<ToyModel>) async throws -> Value
    ) async throws -> Value {
        let engine = given ?? engine()
        let state = ServerState(engine: engine, options: options, metrics: ServerMetrics())
        if hasModel { state.setModel(model) }
        var logger = Logger(label: "test")
        logger.logLevel = .error
        let application = try PyramidServer(state, logger: logger).application()
        if isLoaded { try await engine.isReady() }
        let value = try await application.test(.live) { try await body($0, engine) }
        await engine.stop(grace: .zero)
        return value
    }
}

extension ServingEngine {
    /// Waits until the models are loaded.
    func isReady() async throws {
        while status.phase == .loading { try await Task.sleep(for: .milliseconds(1)) }
    }

    /// Waits until nothing runs or waits; false when that does not come.
    func isIdle(within limit: Duration = .seconds(20)) async throws -> Bool {
        let end = ContinuousClock.now + limit
        while status.running + status.waiting > 0 {
            guard ContinuousClock.now < end else { return false }
            try await Task.sleep(for: .milliseconds(2))
        }
        return true
    }
}

/// The toy text side, for a generator whose rounds shall take a while.
private final class SlowText: Tokenizer {
    private let text = ToyText()
    private let time: Duration

    init(_ time: Duration) { self.time = time }

    var endTokens: Set<TokenID> { text.endTokens }

    func tokens(of text: String, addSpecial: Bool, parseSpecial: Bool) throws -> [TokenID] {
        try self.text.tokens(of: text, addSpecial: addSpecial, parseSpecial: parseSpecial)
    }

    func bytes(of token: TokenID) -> [UInt8] {
        if time > .zero { Thread.sleep(forTimeInterval: time / .seconds(1)) }
        return text.bytes(of: token)
    }
}
