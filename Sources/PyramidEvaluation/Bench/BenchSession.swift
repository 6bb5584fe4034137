public import PyramidDecoding
public import PyramidEngine

/// Loaded levels on which methods run one after the other.
///
/// Methods whose law depends on the chain get a pyramid of their own over the same models. Each
/// text is finished before the next begins, so the models' caches never hold two pyramids'
/// sequences.
public final class BenchSession<Model: LanguageModel> {
    /// The levels and their names.
    public let levels: BenchLevels
    private let full: Generator<Model>
    private let tokenizer: any Tokenizer
    private var parts: [[Int]: Generator<Model>] = [:]

    /// A session on the levels of `pyramid`.
    ///
    /// - Parameters:
    ///   - pyramid: All levels.
    ///   - names: A short name for each, bottom first.
    ///   - tokenizer: Theirs.
    public init(pyramid: Pyramid<Model>, names: [String], tokenizer: any Tokenizer) {
        precondition(names.count == pyramid.levels.count)
        let hasLookup = if case .lookup = pyramid.levels[0] { true } else { false }
        levels = BenchLevels(names: names, hasLookup: hasLookup)
        full = Generator(pyramid: pyramid, tokenizer: tokenizer)
        self.tokenizer = tokenizer
    }

    /// Decodes a request by a method to its end.
    ///
    /// - Parameters:
    ///   - method: The method, which the request's options are for.
    ///   - request: What to decode.
    ///   - isInterrupted: Asked between rounds; the text then ends.
    ///   - show: Receives the text piece by piece.
    /// - Returns: What happened; `nil` when it was interrupted.
    /// - Throws: `ConfigurationError`, `StartError` or `DecodingError`.
    func run(
        _ method: BenchMethod, _ request: GenerationRequest, isInterrupted: () -> Bool,
        show: (TextPiece) -> Void = { _ in }
    ) throws -> GenerationResult? {
        let generator = try generator(for: method)
        let id = try generator.start(request)
        var result: GenerationResult?
        func receive(_: SequenceID, _ event: GenerationEvent) {
            switch event {
            case .token: break
            case .text(let piece): show(piece)
            case .finished(let finished): result = finished
            }
        }
        do {
            while result == nil {
                if isInterrupted() {
                    generator.cancel(id, receive)
                    return nil
                }
                try generator.step(receive)
            }
        } catch {
            // The caches must be free for the next method.
            generator.cancel(id, receive)
            throw error
        }
        return result
    }

    /// The options of a run, for the pyramid that is used for the method.
    func options(
        _ method: BenchMethod, _ sampling: Sampling, maximumTokens: Int
    ) -> DecodingOptions {
        DecodingOptions(
            lookaheads: method.mode.dependsOnChain
                ? method.lookaheads : method.lookaheads(ofAll: levels.names.count),
            control: method.control, mode: method.mode, sampling: sampling,
            maximumTokens: maximumTokens)
    }

    /// The statistics of the method's own levels, bottom first.
    func statistics(_ method: BenchMethod, _ result: GenerationResult) -> [LevelStatistics] {
        method.mode.dependsOnChain ? result.levels : method.levels.map { result.levels[$0] }
    }

    private func generator(for method: BenchMethod) throws(ConfigurationError) -> Generator<Model> {
        guard method.mode.dependsOnChain else { return full }
        if let part = parts[method.levels] { return part }
        let pyramid = try Pyramid(levels: method.levels.map { full.pyramid.levels[$0] })
        // A smaller set may have more tokens in common, and its texts some that others cannot read.
        guard pyramid.vocabularySize == full.pyramid.vocabularySize else {
            throw ConfigurationError(
                "\(method.name): its levels alone share \(pyramid.vocabularySize) tokens and all "
                    + "levels \(full.pyramid.vocabularySize); load no other levels beside them")
        }
        let part = Generator(pyramid: pyramid, tokenizer: tokenizer)
        parts[method.levels] = part
        return part
    }
}
