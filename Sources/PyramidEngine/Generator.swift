public import PyramidDecoding

/// Runs generations on a pyramid: requests in, text out, all of them in the same rounds.
///
/// It is synchronous and belongs to one thread at a time; between two steps a generation can be
/// cancelled or another one started.
public final class Generator<Model: LanguageModel> {
    /// The pyramid that decodes.
    public let pyramid: Pyramid<Model>
    private let tokenizer: any Tokenizer
    /// The most prompt tokens that one step feeds per generation and level, so that a step stays
    /// short while a long prompt is read.
    private let prefillRows: Int
    /// The most that it feeds to one generation while others wait for their next round.
    private let sharedPrefillRows: Int
    private let keepsCaches: Bool
    private var running: [SequenceID: Generation] = [:]
    private var started = 0
    private var isOldestsTurn = true

    /// A generator for `pyramid`, whose target has `tokenizer`'s vocabulary.
    ///
    /// - Parameters:
    ///   - pyramid: The levels.
    ///   - tokenizer: That of the target.
    ///   - prefillRows: The most prompt tokens that a step feeds per generation and level.
    ///   - sharedPrefillRows: The most that it feeds, to one generation at a time, while others are
    ///     decoding; `nil` is as many.
    ///   - keepsCaches: Whether texts stay in the caches for later prompts that begin with them.
    public init(
        pyramid: Pyramid<Model>, tokenizer: any Tokenizer, prefillRows: Int = 512,
        sharedPrefillRows: Int? = nil, keepsCaches: Bool = false
    ) {
        precondition(prefillRows > 0 && sharedPrefillRows ?? 1 > 0)
        self.sharedPrefillRows = sharedPrefillRows ?? prefillRows
        self.keepsCaches = keepsCaches
        self.pyramid = pyramid
        self.tokenizer = tokenizer
        self.prefillRows = prefillRows
    }

    /// Whether no generation is running.
    public var isIdle: Bool { running.isEmpty }

    /// Takes in a request.
    ///
    /// - Throws: `StartError`; what the request's constraint throws.
    public func start(_ request: GenerationRequest) throws -> SequenceID {
        var options = request.options
        if request.stopsAtEnd { options.endTokens.formUnion(tokenizer.endTokens) }
        let id = try pyramid.start(
            prompt: request.prompt, options: options, constraint: try request.makeConstraint?())
        started += 1
        running[id] = Generation(
            request: request, endTokens: options.endTokens, arrival: started)
        return id
    }

    /// Feeds a piece of the prompts that have not been read, and advances the other generations
    /// by a round.
    ///
    /// - Parameter emit: Receives what happens, in order.
    /// - Throws: `DecodingError`; the generations can go on, or be cancelled.
    public func step(
        _ emit: (SequenceID, GenerationEvent) -> Void
    ) throws(DecodingError<Model.Failure>) {
        let unread = running.filter { !$0.value.isPrefilled }.keys.sorted()
        if unread.count == running.count || sharedPrefillRows == prefillRows {
            if !unread.isEmpty { try prefill(unread, rows: prefillRows) }
        } else if let next = nextToRead(unread) {
            try prefill([next], rows: sharedPrefillRows)
        }
        let read = running.filter(\.value.isPrefilled).keys.sorted()
        guard !read.isEmpty else { return }
        let clock = ContinuousClock()
        let began = clock.now
        let emissions = try pyramid.round(read)
        let time = clock.now - began
        for emission in emissions { receive(emission, time, emit) }
    }

    /// Whose prompt is fed next: in turn the one with the least left to read, so that a long one
    /// does not keep short ones waiting, and the oldest, so that short ones do not keep it waiting.
    private func nextToRead(_ unread: [SequenceID]) -> SequenceID? {
        isOldestsTurn.toggle()
        let oldest = unread.min { arrival($0) < arrival($1) }
        guard !isOldestsTurn else { return oldest }
        return unread.min {
            (pyramid.unreadTokens(of: $0), arrival($0)) < (
                pyramid.unreadTokens(of: $1), arrival($1)
            )
        }
    }

    private func arrival(_ id: SequenceID) -> Int { running[id]?.arrival ?? .max }

    private func prefill(
        _ ids: [SequenceID], rows: Int
    ) throws(DecodingError<Model.Failure>) {
        let clock = ContinuousClock()
        let began = clock.now
        let unfinished = try pyramid.prefill(ids, rows: rows)
        let time = clock.now - began
        for id in ids {
            running[id]?.prefillTime += time
            running[id]?.isPrefilled = !unfinished.contains(id)
        }
    }

    /// Ends a generation between two steps.
    ///
    /// - Parameters:
    ///   - id: The generation.
    ///   - emit: Receives text that was kept back, then the result; nothing when it is over
    ///     already.
    public func cancel(_ id: SequenceID, _ emit: (SequenceID, GenerationEvent) -> Void) {
        guard var generation = running.removeValue(forKey: id) else { return }
        for piece in generation.lastPieces() { emit(id, .text(piece)) }
        emit(id, .finished(finish(generation, id, .cancelled)))
    }

    private func receive(
        _ emission: Emission, _ time: Duration, _ emit: (SequenceID, GenerationEvent) -> Void
    ) {
        let id = emission.sequence
        guard var generation = running[id] else { return }
        generation.decodingTime += time
        var reason: FinishReason?
        for token in emission.tokens {
            generation.tokens.append(token)
            emit(id, .token(token))
            let isEnd = generation.endTokens.contains(token.token)
            let bytes = isEnd ? [] : tokenizer.bytes(of: token.token)
            let outcome = generation.text(appending: bytes, token.author)
            for piece in outcome.pieces { emit(id, .text(piece)) }
            if outcome.isStopped {
                reason = .stop
                break
            }
        }
        if reason == nil, let end = emission.end {
            for piece in generation.lastPieces() { emit(id, .text(piece)) }
            reason = end == .endToken ? .end : .length
        }
        running[id] = generation
        if let reason {
            running[id] = nil
            emit(id, .finished(finish(generation, id, reason)))
        }
    }

    private func finish(
        _ generation: Generation, _ id: SequenceID, _ reason: FinishReason
    ) -> GenerationResult {
        var levels = pyramid.statistics(of: id)
        // A stop string may have cut tokens off that the last round emitted.
        for level in levels.indices {
            levels[level].written = generation.tokens.count { $0.author.level == level }
        }
        let explanation = pyramid.explanation(of: id)
        let plans = pyramid.plans(of: id)
        let cachedTokens = pyramid.reusedTokens(of: id)
        pyramid.finish(id, keepsCache: keepsCaches)
        return GenerationResult(
            reason: reason, promptTokens: generation.promptCount, cachedTokens: cachedTokens,
            tokens: generation.tokens,
            prefillTime: generation.prefillTime, decodingTime: generation.decodingTime,
            levels: levels, explanation: explanation, plans: plans)
    }
}

/// A running generation.
private struct Generation {
    let promptCount: Int
    let endTokens: Set<TokenID>
    /// Its place in the order of arrival.
    let arrival: Int
    var tokens: [EmittedToken] = []
    var isPrefilled = false
    var prefillTime: Duration = .zero
    var decodingTime: Duration = .zero
    private var characters = UTF8Stream()
    private var stops: StopStrings

    init(request: GenerationRequest, endTokens: Set<TokenID>, arrival: Int) {
        self.arrival = arrival
        promptCount = request.prompt.count
        self.endTokens = endTokens
        stops = StopStrings(request.stopStrings)
    }

    mutating func text(appending bytes: [UInt8], _ author: Authorship) -> StopStrings.Outcome {
        let text = characters.text(appending: bytes)
        guard !text.isEmpty else { return StopStrings.Outcome(pieces: [], isStopped: false) }
        return stops.outcome(appending: TextPiece(text: text, author: author))
    }

    /// What was kept back when the sequence ended.
    mutating func lastPieces() -> [TextPiece] {
        let rest = characters.finish()
        guard !rest.isEmpty, let author = tokens.last?.author else { return stops.flush() }
        let outcome = stops.outcome(appending: TextPiece(text: rest, author: author))
        return outcome.pieces + stops.flush()
    }
}
