public import PyramidDecoding

/// A level of the pyramid that this package's own forward computes on the CPU.
public final class NativeLevel: LanguageModel {
    /// The weights.
    public let model: NativeModel
    /// The number of logits in a row that count.
    public let vocabularySize: Int
    /// The most tokens of a sequence.
    public let contextSize: Int
    /// How many sequences can be held.
    public let sequenceCapacity: Int

    /// A level with KV caches of its own.
    public init(
        model: NativeModel, pool: WorkerPool, options: NativeOptions, commonVocabulary: Int? = nil
    ) throws(NativeError) {
        throw NativeError(.unsupported, "not yet")
    }

    /// Appends tokens to sequences and computes logits.
    public func forward(_ requests: [ForwardRequest]) throws(NativeError) {}

    /// Lends a row of logits, `[vocabularySize]`.
    public func withLogits<Result>(
        request: Int, row: Int, _ body: (UnsafeBufferPointer<Float>) -> Result
    ) -> Result {
        body(UnsafeBufferPointer(start: nil, count: 0))
    }

    /// Drops the tokens at `position` and after.
    public func rewind(_ sequence: SequenceID, to position: Int) throws(NativeError) {}
}
