/// A stack of levels that decodes sequences: the bottom drafts, each level above verifies, the
/// target on top decides.
///
/// One level is plain decoding, two are speculative decoding (Leviathan et al. 2023,
/// arXiv 2211.17192), three are PyramidSD's draft, qualifier and target (arXiv 2510.12966); more
/// work the same way. All sequences advance in the same rounds, and one forward per level and
/// step serves all that need it.
///
/// A pyramid is synchronous and belongs to one thread at a time. The vocabulary is the first part of
/// the target's that every model has logits for: models of one family differ only by padding at the
/// end, which no tokenizer produces. The target's law is its law on that part. A level that knows
/// fewer tokens gives the others no probability (``PartialVocabulary``).
public final class Pyramid<Model: LanguageModel> {
    /// The levels, bottom first; the target is the last.
    public let levels: [Level<Model>]
    /// The number of tokens that every level has logits for.
    public let vocabularySize: Int
    /// The most tokens of a sequence, prompt included.
    public let contextSize: Int
    /// How many sequences can run at the same time.
    public let sequenceCapacity: Int

    /// What each level did for all sequences, finished ones included.
    public internal(set) var statistics: [LevelStatistics]

    var sequences: [SequenceState?]
    /// What finished sequences left, by place.
    var kept: [KeptPrefix?]
    var finishedCount = 0
    var lawBuilder = LawBuilder()
    var controller: Controller
    /// The time since some moment; tests put a clock of their own here.
    package var now: () -> Duration
    let laws: Pool<Distribution>
    let rawLaws: Pool<RawLaw>

    /// A pyramid of `levels`, bottom first.
    ///
    /// - Throws: ``ConfigurationError`` when there is no level, the target is no model, or a
    ///   lookup is not at the bottom.
    public init(levels: [Level<Model>]) throws(ConfigurationError) {
        let models = levels.compactMap(\.model)
        guard case .model = levels.last else {
            throw ConfigurationError("the last level must be a model: it is the target")
        }
        guard models.count >= levels.count - 1, levels.dropFirst().allSatisfy({ $0.model != nil })
        else {
            throw ConfigurationError("only the bottom level can be a lookup")
        }
        self.levels = levels
        let vocabularySize = models.map(\.vocabularySize).min() ?? 0
        self.vocabularySize = vocabularySize
        contextSize = models.map(\.contextSize).min() ?? 0
        sequenceCapacity = models.map(\.sequenceCapacity).min() ?? 0
        sequences = Array(repeating: nil, count: sequenceCapacity)
        kept = Array(repeating: nil, count: sequenceCapacity)
        statistics = Array(repeating: LevelStatistics(), count: levels.count)
        controller = Controller(levelCount: levels.count)
        let clock = ContinuousClock()
        let origin = clock.now
        now = { clock.now - origin }
        laws = Pool { Distribution(vocabularySize: vocabularySize) }
        rawLaws = Pool { RawLaw(vocabularySize: vocabularySize) }
    }

    /// The index of the target, `levels.count - 1`.
    public var target: Int { levels.count - 1 }

    /// Takes in a sequence; nothing is computed yet.
    ///
    /// - Parameters:
    ///   - prompt: At least one token.
    ///   - options: How to decode it.
    ///   - constraint: Which tokens may follow, for this sequence alone.
    /// - Throws: ``StartError``.
    public func start(
        prompt: [TokenID], options: DecodingOptions, constraint: (any TokenConstraint)? = nil
    ) throws(StartError) -> SequenceID {
        let rules: [any AcceptanceRule]
        do {
            rules = try options.rules(levelCount: levels.count)
        } catch {
            throw .configuration(error)
        }
        return try start(prompt: prompt, options: options, rules: rules, constraint: constraint)
    }

    /// Takes in a sequence with a rule of its own for each level from the bottom, `[levels.count]`.
    package func start(
        prompt: [TokenID], options: DecodingOptions, rules: [any AcceptanceRule],
        constraint: (any TokenConstraint)? = nil
    ) throws(StartError) -> SequenceID {
        precondition(rules.count == levels.count)
        do {
            try options.validate(levelCount: levels.count)
        } catch {
            throw .configuration(error)
        }
        guard !prompt.isEmpty else { throw .emptyPrompt }
        guard prompt.count < contextSize else {
            throw .promptTooLong(tokens: prompt.count, contextSize: contextSize)
        }
        if let unknown = prompt.first(where: { $0 < 0 || $0 >= vocabularySize }) {
            throw .unknownToken(unknown, vocabularySize: vocabularySize)
        }
        guard let place = place(for: prompt) else {
            throw .noFreeSequence(capacity: sequenceCapacity)
        }
        let bounds = PyramidBounds(
            levelCount: levels.count, vocabularySize: vocabularySize, contextSize: contextSize)
        // Without costs automatic control uses the lookaheads that were given.
        if options.control == .auto { try? calibrate() }
        let hasLeftovers = kept[place.id] != nil || place.cached.contains { $0 > 0 }
        kept[place.id] = nil
        sequences[place.id] = SequenceState(
            place, prompt: prompt, options: options, rules: rules, constraint: constraint,
            bounds: bounds)
        if hasLeftovers { rewindWherePossible(state(of: place.id)) }
        return place.id
    }

    /// Changes how many tokens each level buffers, from the next round on; 0 is off. Under
    /// automatic control the next plan has the last word. Any choice
    /// keeps an exact mode exact, as long as it does not depend on tokens still unverified.
    public func setLookaheads(_ lookaheads: [Int], of sequence: SequenceID) {
        precondition(lookaheads.count == levels.count - 1)
        precondition(lookaheads.allSatisfy((0...DecodingOptions.longestLookahead).contains))
        state(of: sequence).lookaheads = lookaheads
    }

    /// The tokens that a sequence has for good, prompt included.
    public func tokens(of sequence: SequenceID) -> ArraySlice<TokenID> {
        let state = state(of: sequence)
        return state.tokens[..<state.committed]
    }

    /// Why a sequence has ended; `nil` while it runs.
    public func end(of sequence: SequenceID) -> EndReason? {
        state(of: sequence).end
    }

    /// What each level did for one sequence.
    public func statistics(of sequence: SequenceID) -> [LevelStatistics] {
        state(of: sequence).statistics
    }

    /// The number of tokens that a level's cache holds of a sequence.
    public func cachedTokens(of sequence: SequenceID, level: Int) -> Int {
        state(of: sequence).cached[level]
    }

    func state(of sequence: SequenceID) -> SequenceState {
        guard let state = sequences[sequence] else {
            preconditionFailure("sequence \(sequence) is not running")
        }
        return state
    }
}

extension Level {
    /// The model; `nil` for a lookup.
    var model: Model? {
        if case .model(let model) = self { model } else { nil }
    }
}
