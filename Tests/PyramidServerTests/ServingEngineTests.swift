import PyramidDecoding
import PyramidEngine
import PyramidServer
import PyramidTestSupport
import Testing

@Suite struct ServingEngineTests {
    private let server = ToyServer()

    private func request(_ seed: UInt64, tokens: Int = 30, prompt: [TokenID]? = nil)
        -> ServingRequest
    {
        var options = server.defaults.decoding
        options.sampling.seed = seed
        options.maximumTokens = tokens
        return ServingRequest(
            GenerationRequest(
                prompt: prompt ?? [TokenID(seed % 11), 3, TokenID(seed % 7)], options: options,
                stopsAtEnd: false))
    }

    /// What comes of one request.
    private struct Outcome {
        var text = ""
        var result: GenerationResult?
        var failure: ServingFailure?
    }

    private func outcome(of stream: ServingStream) async -> Outcome {
        var outcome = Outcome()
        for await (_, event) in stream {
            switch event {
            case .started: break
            case .failed(let failure): outcome.failure = failure
            case .generation(.token): break
            case .generation(.text(let piece)): outcome.text += piece.text
            case .generation(.finished(let result)): outcome.result = result
            }
        }
        return outcome
    }

    @Test("A text does not depend on what else runs, joins or leaves", .timeLimit(.minutes(2)))
    func together() async throws {
        let engine = server.engine()
        try await engine.isReady()
        var alone: [String] = []
        for seed in 0..<24 {
            alone.append(await outcome(of: try engine.submit([request(UInt64(seed))])).text)
        }
        #expect(alone.allSatisfy { $0.count > 15 } && Set(alone).count > 12)
        let together = try await withThrowingTaskGroup(of: (Int, String).self) { group in
            for seed in 0..<24 {
                group.addTask {
                    (seed, await outcome(of: try engine.submit([request(UInt64(seed))])).text)
                }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        for seed in 0..<24 { #expect(together[seed] == alone[seed]) }
        #expect(try await engine.isIdle())
        await engine.stop(grace: .zero)
        #expect(engine.status.phase == .stopped)
    }

    @Test("Requests that are answered together come in one stream")
    func choices() async throws {
        let engine = server.engine()
        try await engine.isReady()
        var texts = ["", "", "", "", ""]
        var finished = 0
        for await (choice, event) in try engine.submit((0..<5).map { request($0) }) {
            if case .generation(.text(let piece)) = event { texts[choice] += piece.text }
            if case .generation(.finished) = event { finished += 1 }
        }
        #expect(finished == 5)
        for seed in 0..<5 {
            let alone = await outcome(of: try engine.submit([request(UInt64(seed))]))
            #expect(texts[seed] == alone.text)
        }
        await engine.stop(grace: .zero)
    }

    @Test("Who stops reading frees the place; others go on", .timeLimit(.minutes(2)))
    func cancelling() async throws {
        var server = server
        server.roundTime = .milliseconds(2)
        let engine = server.engine()
        try await engine.isReady()
        let expected = await outcome(of: try engine.submit([request(1, tokens: 60)])).text
        async let kept = outcome(of: try engine.submit([request(1, tokens: 60)]))
        for seed in 0..<20 {
            let task = Task {
                var count = 0
                for await _ in try engine.submit([request(UInt64(seed), tokens: 400)]) {
                    count += 1
                    if count > seed { break }
                }
            }
            if seed.isMultiple(of: 3) { task.cancel() }
            _ = try? await task.value
        }
        #expect(try await kept.text == expected)
        #expect(try await engine.isIdle())
        await engine.stop(grace: .zero)
    }

    @Test("As many wait as may; the next is told, and served later")
    func full() async throws {
        var server = server
        server.limits.waiting = 2
        server.roundTime = .milliseconds(5)
        let engine = server.engine()
        try await engine.isReady()
        let streams = try (0..<5).map { try engine.submit([request($0, tokens: 50)]) }
        let failure = #expect(throws: ServingFailure.self) { try engine.submit([request(9)]) }
        #expect(failure?.kind == .full)
        let many = #expect(throws: ServingFailure.self) {
            try engine.submit((0..<6).map { request($0) })
        }
        #expect(many?.kind == .invalid)
        for stream in streams { #expect(await outcome(of: stream).result?.tokens.count == 50) }
        #expect(await outcome(of: try engine.submit([request(9)])).result?.tokens.count == 30)
        await engine.stop(grace: .zero)
    }

    @Test("A deadline ends what runs with what there is, and what waits with a failure")
    func deadline() async throws {
        var server = server
        server.places = 1
        server.roundTime = .milliseconds(10)
        let engine = server.engine()
        try await engine.isReady()
        var long = request(1, tokens: 400)
        long.deadline = .milliseconds(300)
        let running = try engine.submit([long])
        var late = request(2)
        late.deadline = .milliseconds(50)
        let waiting = try engine.submit([late])
        let first = await outcome(of: running)
        #expect(first.result?.reason == .cancelled)
        #expect((1..<400).contains(first.result?.tokens.count ?? 0))
        let spelled = first.result?.tokens.filter { $0.token != ToyText.end }.count
        #expect(spelled == first.text.count)
        #expect(await outcome(of: waiting).failure?.kind == .deadline)
        await engine.stop(grace: .zero)
    }

    @Test("Stopping refuses what waits, and gives what runs its grace")
    func stopping() async throws {
        var server = server
        server.places = 1
        server.roundTime = .milliseconds(2)
        for grace in [Duration.zero, .seconds(20)] {
            let engine = server.engine()
            try await engine.isReady()
            var running = try engine.submit([request(1, tokens: 60)]).makeAsyncIterator()
            // It runs, so that the other one waits.
            _ = await running.next()
            let waiting = try engine.submit([request(2)])
            async let stopped: Void = engine.stop(grace: grace)
            let refused = await outcome(of: waiting).failure
            #expect(refused?.kind == .unavailable)
            #expect(refused?.description.contains("stopping") == true)
            var result: GenerationResult?
            while let (_, event) = await running.next() {
                if case .generation(.finished(let finished)) = event { result = finished }
            }
            await stopped
            #expect(result?.reason == (grace == .zero ? .cancelled : .length))
            #expect(engine.status.phase == .stopped)
            let failure = #expect(throws: ServingFailure.self) { try engine.submit([request(3)]) }
            #expect(failure?.kind == .unavailable)
        }
    }

    @Test("A forward that fails is told to all that run; later requests are served")
    func failingForward() async throws {
        var server = server
        server.failingForwards = [12]
        let engine = server.engine()
        try await engine.isReady()
        let outcomes = await outcome(of: try engine.submit([request(1, tokens: 300)]))
        #expect(outcomes.failure?.kind == .model)
        let later = await outcome(of: try engine.submit([request(1)]))
        let sound = self.server.engine()
        try await sound.isReady()
        #expect(later.text == (await outcome(of: try sound.submit([request(1)])).text))
        for engine in [engine, sound] { await engine.stop(grace: .zero) }
    }

    @Test("A request that continues another pays only for what is new")
    func prefix() async throws {
        let engine = server.engine()
        try await engine.isReady()
        let prompt = (0..<60).map { TokenID($0 % 9) }
        let first = await outcome(of: try engine.submit([request(1, prompt: prompt)]))
        let text = first.result?.tokens.map(\.token) ?? []
        let longer = prompt + text + [1, 2, 3]
        let second = await outcome(of: try engine.submit([request(2, prompt: longer)]))
        #expect(first.result?.cachedTokens == 0)
        #expect((second.result?.cachedTokens ?? 0) >= prompt.count + text.count - 8)
        let fresh = server.engine()
        try await fresh.isReady()
        let expected = await outcome(of: try fresh.submit([request(2, prompt: longer)]))
        #expect(second.text == expected.text)
        for engine in [engine, fresh] { await engine.stop(grace: .zero) }
    }

    @Test("Work without rounds for too long counts as stuck")
    func stuck() async throws {
        var server = server
        // Any work is too long then, so that no clock decides.
        server.limits.stuckAfter = .zero
        server.roundTime = .milliseconds(20)
        let engine = server.engine()
        try await engine.isReady()
        #expect(!engine.status.isStuck, "an idle engine is not stuck")
        let stream = try engine.submit([request(1, tokens: 10)])
        #expect(engine.status.isStuck)
        #expect(await outcome(of: stream).result != nil)
        #expect(try await engine.isIdle())
        #expect(!engine.status.isStuck)
        await engine.stop(grace: .zero)
    }
}
