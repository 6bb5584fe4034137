internal import LlamaBackend
internal import NativeBackend
internal import PyramidDecoding

/// A file's weights, loaded for the backend that computes with them. Levels on the same file
/// share them.
enum ModelWeights {
    case llama(LlamaModel)
    case native(NativeModel, WorkerPool)

    init(
        _ selection: BackendSelection, pool: WorkerPool, options: ModelOptions
    ) throws(LevelError) {
        switch selection.backend {
        case .llama:
            do {
                self = .llama(
                    try LlamaModel(
                        selection.files, options: options.llama(workers: selection.workers)))
            } catch {
                throw .llama(error)
            }
        case .native:
            do {
                self = .native(try NativeModel(selection.files, pool: pool), pool)
            } catch {
                throw .native(error)
            }
        }
    }

    /// llama.cpp's vocabulary, where it has loaded it with the weights.
    var vocabulary: LlamaVocabulary? {
        if case .llama(let model) = self { model.vocabulary } else { nil }
    }

    /// A level on these weights, which knows the first tokens that all levels have in common or,
    /// with other ids, a part of the target's.
    func level(
        threads: Int, options: ModelOptions, commonVocabulary: Int?, partial: PartialVocabulary?
    ) throws(LevelError) -> ModelLevel {
        let commonVocabulary = partial == nil ? commonVocabulary : nil
        switch self {
        case .llama(let model):
            do {
                return ModelLevel(
                    try LlamaLevel(
                        model: model, threads: threads, commonVocabulary: commonVocabulary),
                    partial: partial)
            } catch {
                throw .llama(error)
            }
        case .native(let model, let pool):
            do {
                return ModelLevel(
                    try NativeLevel(
                        model: model, pool: pool, options: options.native(threads: threads),
                        commonVocabulary: commonVocabulary), partial: partial)
            } catch {
                throw .native(error)
            }
        }
    }
}
