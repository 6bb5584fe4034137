import LlamaBackend
import PyramidBackends
import PyramidDecoding
import PyramidEngine

/// Loaded levels and what is decoded on them.
struct GenerationSession {
    let loaded: ModelPyramid
    /// A short name for each level, bottom first.
    let names: [String]
    let options: DecodingOptions
    let generator: Generator<ModelLevel>

    init(loaded: ModelPyramid, names: [String], options: DecodingOptions) {
        self.loaded = loaded
        self.names = names
        self.options = options
        generator = Generator(pyramid: loaded.pyramid, tokenizer: loaded.tokenizer)
    }

    /// - Throws: ``ConfigurationError`` for a biased token that the model does not have.
    func checkTokens() throws {
        let size = loaded.vocabulary.size
        for token in options.sampling.logitBias.keys.sorted() where token >= size {
            throw ConfigurationError(
                "--logit-bias names token \(token); the model's tokens end at \(size - 1)")
        }
    }

    /// The prompt's tokens, with what the model wants around a text.
    func tokens(of text: String) throws -> [TokenID] {
        try loaded.tokenizer.tokens(of: text, addSpecial: true, parseSpecial: true)
    }

    /// Decodes one request to its end, or until a signal comes.
    func run(
        _ request: GenerationRequest, _ show: (TextPiece) throws -> Void = { _ in }
    ) throws -> GenerationResult {
        let id = try generator.start(request)
        var result: GenerationResult?
        var failure: (any Error)?
        func receive(_: SequenceID, _ event: GenerationEvent) {
            switch event {
            case .token: break
            case .text(let piece):
                guard failure == nil else { return }
                do { try show(piece) } catch { failure = error }
            case .finished(let finished): result = finished
            }
        }
        while result == nil {
            if failure != nil || Interrupts.pending != nil {
                generator.cancel(id, receive)
            } else {
                try generator.step(receive)
            }
        }
        if let failure { throw failure }
        guard let result else { throw CommandFailure("the generation ended without a result") }
        return result
    }
}

/// A level's name in tables.
enum LevelName {
    /// The file's name without folder and ending, or `ngram`.
    static func short(_ source: LevelSource) -> String {
        guard let path = source.path, let file = path.split(separator: "/").last else {
            return source.text
        }
        return file.hasSuffix(".gguf") ? String(file.dropLast(5)) : String(file)
    }
}
