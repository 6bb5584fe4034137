public import PyramidDecoding
public import PyramidEngine

/// A generator and what is to be done when it has served its last request.
public struct LoadedGenerator<Model: LanguageModel> {
    let generator: Generator<Model>
    let finish: () -> Void

    /// A generator; `finish` is called on the engine's thread at its end.
    public init(_ generator: Generator<Model>, finish: @escaping () -> Void = {}) {
        self.generator = generator
        self.finish = finish
    }
}
