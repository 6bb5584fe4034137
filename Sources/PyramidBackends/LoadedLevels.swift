internal import LlamaBackend
internal import NativeBackend

/// The models of a pyramid's levels, and the target's vocabulary.
struct LoadedLevels {
    /// Bottom first; `nil` for a lookup.
    let models: [ModelLevel?]
    let vocabulary: LlamaVocabulary

    /// Levels of files that were checked; those on the same file share its weights, and the
    /// native ones their threads.
    ///
    /// - Parameters:
    ///   - backends: Each level's file and backend, bottom first; `nil` for a lookup.
    ///   - target: The last of them.
    ///   - vocabularies: How each level's vocabulary fits the target's.
    ///   - options: How to run them.
    init(
        _ backends: [BackendSelection?], target: BackendSelection,
        vocabularies: [LevelVocabulary?], _ options: ModelOptions
    ) throws(LevelError) {
        // Before the weights: it is cheap, and it checks the file.
        let ownVocabulary = target.backend == .native ? try Self.vocabulary(of: target) : nil
        let pool = WorkerPool(threads: Self.poolThreads(backends, options))
        var weights: [String: ModelWeights] = [:]
        for case .some(let selection) in backends where weights[selection.identity] == nil {
            weights[selection.identity] = try ModelWeights(selection, pool: pool, options: options)
        }
        let common = vocabularies.compactMap { $0?.prefixCount }.min()
        var models: [ModelLevel?] = []
        for (index, selection) in backends.enumerated() {
            models.append(
                try selection.flatMap { weights[$0.identity] }?.level(
                    threads: options.threads(ofLevel: index), options: options,
                    commonVocabulary: common, partial: vocabularies[index]?.partial))
        }
        guard let vocabulary = ownVocabulary ?? weights[target.identity]?.vocabulary else {
            preconditionFailure("llama.cpp loads the vocabulary with the weights")
        }
        self.models = models
        self.vocabulary = vocabulary
    }

    /// As many as the native level with the most of them uses; of one thread, none is started.
    private static func poolThreads(
        _ backends: [BackendSelection?], _ options: ModelOptions
    ) -> Int {
        backends.indices.filter { backends[$0]?.backend == .native }
            .map { options.threads(ofLevel: $0) }.max() ?? 1
    }

    /// The native backend has no tokenizer of its own.
    private static func vocabulary(
        of target: BackendSelection
    ) throws(LevelError) -> LlamaVocabulary {
        do {
            return try LlamaVocabulary(target.files)
        } catch {
            throw .llama(error)
        }
    }
}
