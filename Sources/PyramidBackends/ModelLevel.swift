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
    /// `nil` where it knows all tokens.
    private let partial: PartialVocabulary?

    /// The number of logits in a row that count.
    public let vocabularySize: Int
    /// The most tokens of a sequence.
    public let contextSize: Int
    /// How many sequences can be held.
    public let sequenceCapacity: Int

    /// A level that llama.cpp computes.
    ///
    /// - Parameters:
    ///   - level: The level.
    ///   - partial: Which of the pyramid's tokens it knows, where not all.
    public init(_ level: LlamaLevel, partial: PartialVocabulary? = nil) {
        kind = .llama(level)
        self.partial = partial
        vocabularySize = partial?.size ?? level.vocabularySize
        contextSize = level.contextSize
        sequenceCapacity = level.sequenceCapacity
    }

    /// A level that the native backend computes.
    ///
    /// - Parameters:
    ///   - level: The level.
    ///   - partial: Which of the pyramid's tokens it knows, where not all.
    public init(_ level: NativeLevel, partial: PartialVocabulary? = nil) {
        kind = .native(level)
        self.partial = partial
        vocabularySize = partial?.size ?? level.vocabularySize
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

    /// Whether it can propose a token.
    public func knows(_ token: TokenID) -> Bool { partial?.knows(token) ?? true }

    /// Appends tokens to sequences and computes logits.
    public func forward(_ requests: [ForwardRequest]) throws(LevelError) {
        let requests = partial?.translated(requests) ?? requests
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
        guard let partial else { return withOwnLogits(request: request, row: row, body) }
        return withOwnLogits(request: request, row: row) { partial.withRow($0, body) }
    }

    private func withOwnLogits<Result>(
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

    /// Copies the beginning of a sequence to another; llama.cpp's caches copy nothing but all.
    public func copy(
        _ count: Int, from source: SequenceID, to destination: SequenceID
    ) throws(LevelError) -> Bool {
        guard case .native(let level) = kind else { return false }
        do {
            return try level.copy(count, from: source, to: destination)
        } catch {
            throw .native(error)
        }
    }
}
