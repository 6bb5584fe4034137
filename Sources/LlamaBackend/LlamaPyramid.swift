internal import GGUF
public import PyramidDecoding

/// A pyramid of models that llama.cpp computes, checked and loaded.
public struct LlamaPyramid {
    /// The levels, ready to decode.
    public let pyramid: Pyramid<LlamaLevel>
    /// The target's tokenizer, which all levels share.
    public let tokenizer: LlamaTokenizer
    /// The target.
    public let target: LlamaModel
    /// What the levels were estimated to need.
    public let memory: MemoryPlan
    /// Whether each level's rows have the same bits in any batch, `nil` for a lookup.
    public let batchInvariance: [BatchInvariance?]

    /// Loads the levels, bottom first.
    ///
    /// All files are checked before any is loaded: that they are sound, that their vocabularies
    /// fit together, and that all levels together fit into memory.
    ///
    /// - Parameters:
    ///   - sources: The levels; the last is the target.
    ///   - options: How to run them.
    ///   - willLoad: Told what all levels will need, before any is loaded.
    /// - Throws: `GGUFError`, ``LlamaError`` or `ConfigurationError`.
    public init(
        levels sources: [LevelSource], options: LlamaOptions,
        willLoad: (MemoryPlan) -> Void = { _ in }
    ) throws {
        var files: [String: GGUFModelFiles] = [:]
        for case .file(let path) in sources where files[path] == nil {
            files[path] = try GGUFModelFiles(path: path)
        }
        let opened = sources.compactMap { $0.path.flatMap { files[$0] } }
        let common = try Self.commonVocabulary(opened)
        memory = MemoryPlan(opened, options: options)
        try memory.validate()
        willLoad(memory)

        // Levels on the same file share its weights.
        var models: [String: LlamaModel] = [:]
        for file in opened where models[file.path] == nil {
            models[file.path] = try LlamaModel(file, options: options)
        }
        let levelModels = sources.map { $0.path.flatMap { models[$0] } }
        pyramid = try Pyramid(
            levels: levelModels.map { model in
                guard let model else { return .lookup(NGramLookup()) }
                return .model(try LlamaLevel(model: model, commonVocabulary: common))
            })
        batchInvariance = levelModels.map { $0?.batchInvariance }
        guard let last = levelModels.last ?? nil else {
            throw ConfigurationError("the last level must be a model: it is the target")
        }
        target = last
        tokenizer = LlamaTokenizer(model: last)
    }

    /// How many first tokens all files share; `nil` when all their tokens are the same.
    ///
    /// - Throws: `GGUFError`, or ``LlamaError`` naming the first token that differs.
    private static func commonVocabulary(_ files: [GGUFModelFiles]) throws -> Int? {
        guard let target = files.last else { return nil }
        let vocabulary = try VocabularyDescription(target)
        var common: Int?
        for file in files.dropLast() where file.path != target.path {
            switch VocabularyDescription.compare(try VocabularyDescription(file), vocabulary) {
            case .identical: continue
            case .compatible(let size, _): common = min(common ?? .max, size)
            case .different(let difference):
                throw LlamaError(
                    .vocabularyMismatch,
                    "\(file.path) and \(target.path) cannot form a pyramid: \(difference); use "
                        + "models of one family")
            }
        }
        return common
    }
}
