public import LlamaBackend
public import NativeBackend
public import PyramidDecoding

/// A level of the pyramid on either backend.
public final class ModelLevel: LanguageModel {
    private enum Kind {
        case llama(LlamaLevel)
        case native(NativeLevel)
    }

    private let kind: Kind

    /// The number of logits in a row that count.
    public let vocabularySize: Int
    /// The most tokens of a sequence.
    public let contextSize: Int
    /// How many sequences can be held.
    public let sequenceCapacity: Int

    /// A level that llama.cpp computes.
    public init(_ level: LlamaLevel) {
        kind = .llama(level)
        vocabularySize = level.vocabularySize
        contextSize = level.contextSize
        sequenceCapacity = level.sequenceCapacity
    }

    /// A level that the native backend computes.
    public init(_ level: NativeLevel) {
        kind = .native(level)
        vocabularySize = level.vocabularySize
        contextSize = level.contextSize
        sequenceCapacity = level.sequenceCapacity
    }

    /// Who computes it.
    public var backend: Backend {
        switch kind {
        case .llama: .llama
        case .native: .native
        }
    }

    /// Whether a forward's rows have the same bits in any batch: native ones always do.
    public var batchInvariance: BatchInvariance {
        switch kind {
        case .llama(let level): level.model.batchInvariance
        case .native: .guaranteed
        }
    }

    /// Appends tokens to sequences and computes logits.
    public func forward(_ requests: [ForwardRequest]) throws(LevelError) {
        switch kind {
        case .llama(let level):
            do { try level.forward(requests) } catch { throw .llama(error) }
        case .native(let level):
            do { try level.forward(requests) } catch { throw .native(error) }
        }
    }

    /// Lends a row of logits, `[vocabularySize]`.
    public func withLogits<Result>(
        request: Int, row: Int, _ body: (UnsafeBufferPointer<Float>) -> Result
    ) -> Result {
        switch kind {
        case .llama(let level): level.withLogits(request: request, row: row, body)
        case .native(let level): level.withLogits(request: request, row: row, body)
        }
    }

    /// Drops the tokens at `position` and after.
    public func rewind(_ sequence: SequenceID, to position: Int) throws(LevelError) {
        switch kind {
        case .llama(let level):
            do { try level.rewind(sequence, to: position) } catch { throw .llama(error) }
        case .native(let level):
            do { try level.rewind(sequence, to: position) } catch { throw .native(error) }
        }
    }
}
