internal import GGUF
public import LlamaBackend
internal import NativeBackend
public import PyramidDecoding

/// A pyramid of models, each on a backend that can run it, checked and loaded.
public struct ModelPyramid {
    /// The levels, ready to decode.
    public let pyramid: Pyramid<ModelLevel>
    /// The target's vocabulary, for chat templates.
    public let vocabulary: LlamaVocabulary
    /// The target's tokenizer, which makes the tokens of all levels.
    public let tokenizer: LlamaTokenizer
    /// What the levels were estimated to need.
    public let memory: MemoryPlan
    /// The backend of each level and why, bottom first; `nil` for a lookup.
    public let backends: [BackendSelection?]
    /// How each level's vocabulary fits the target's, `nil` for a lookup.
    public let vocabularies: [LevelVocabulary?]
    /// Whether each level's rows have the same bits in any batch, `nil` for a lookup.
    public let batchInvariance: [BatchInvariance?]
    /// Under which each level's costs are kept, `nil` for a lookup.
    let costKeys: [CostKey?]
    /// Under which what is learnt from text is kept.
    let experienceKey: ExperienceKey

    /// Loads the levels, bottom first.
    ///
    /// All files are checked before any is loaded: that they are sound, that their backends can
    /// run them, that their vocabularies fit together, and that all levels together fit into
    /// memory.
    ///
    /// - Parameters:
    ///   - sources: The levels; the last is the target.
    ///   - options: How to run them.
    ///   - willLoad: Told what all levels will need, before any is loaded.
    /// - Throws: `ConfigurationError`, `GGUFError`, ``LoadingError`` or ``LevelError``.
    public init(
        levels sources: [LevelSource], options: ModelOptions,
        willLoad: (MemoryPlan) -> Void = { _ in }
    ) throws {
        try options.validate()
        backends = try Self.backends(of: sources, options)
        guard let target = backends.last ?? nil else {
            throw ConfigurationError("the last level must be a model: it is the target")
        }
        vocabularies = try Self.vocabularies(
            of: backends.map { $0?.files }, target: target.files)
        memory = MemoryPlan(backends.compactMap { $0 }, options: options)
        try memory.validate()
        willLoad(memory)

        let levels = try LoadedLevels(
            backends, target: target, vocabularies: vocabularies, options)
        pyramid = try Pyramid(
            levels: levels.models.map { $0.map(Level.model) ?? .lookup(NGramLookup()) })
        batchInvariance = levels.models.map { $0?.batchInvariance }
        costKeys = backends.enumerated().map { level, selection in
            selection.map { CostKey($0, level: level, options: options) }
        }
        experienceKey = ExperienceKey(costKeys)
        vocabulary = levels.vocabulary
        tokenizer = LlamaTokenizer(vocabulary: vocabulary)
    }

    /// Opens each file once for the same workers.
    private static func backends(
        of sources: [LevelSource], _ options: ModelOptions
    ) throws -> [BackendSelection?] {
        var selections: [String: BackendSelection] = [:]
        return try sources.enumerated().map { level, source in
            guard let path = source.path else { return nil }
            let workers = options.workers(ofLevel: level)
            let identity = BackendSelection.identity(path, workers)
            if let known = selections[identity] { return known }
            let selection = try BackendSelection(
                try GGUFModelFiles(path: path), options: options, workers: workers)
            selections[identity] = selection
            return selection
        }
    }

    /// How each level's vocabulary fits the target's, bottom first; `nil` for a lookup.
    ///
    /// - Throws: `GGUFError`, or ``LoadingError`` with how they differ.
    private static func vocabularies(
        of files: [GGUFModelFiles?], target: GGUFModelFiles
    ) throws -> [LevelVocabulary?] {
        let vocabulary = try VocabularyDescription(target)
        var known = [target.path: LevelVocabulary.same]
        return try files.map { file in
            guard let file else { return nil }
            let fit =
                try known[file.path]
                ?? LevelVocabulary(try VocabularyDescription(file), target: vocabulary)
            known[file.path] = fit
            if case .different(let reason) = fit {
                throw LoadingError(
                    .vocabularyMismatch,
                    "\(file.path) and \(target.path) cannot form a pyramid: \(reason); use "
                        + "models of one family")
            }
            return fit
        }
    }
}
