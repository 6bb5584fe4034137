/// A level of the pyramid that is a model: it holds a KV cache for many sequences and computes
/// logits for many of them in one forward.
///
/// Positions are absolute: the number of tokens before, from 0. A cache always holds the tokens
/// `0 ..< n` of a sequence, and a forward appends at `n`.
public protocol LanguageModel: AnyObject {
    /// What a forward or a rewind throws; `Never` for a model that cannot fail.
    associatedtype Failure: Error

    /// The number of logits in a row.
    var vocabularySize: Int { get }

    /// The most tokens that one sequence can hold.
    var contextSize: Int { get }

    /// How many sequences can be held at the same time; their IDs are `0 ..< sequenceCapacity`.
    var sequenceCapacity: Int { get }

    /// Whether the model can propose a token: all of them unless it knows only a part.
    func knows(_ token: TokenID) -> Bool

    /// Appends tokens to several sequences and computes the logits that were asked for.
    ///
    /// No sequence occurs twice, each request's `position` is the number of tokens that its
    /// sequence holds, and no request is empty. The model splits the work as its buffers need.
    ///
    /// - Throws: `Failure`; how many of the tokens each sequence then holds is unknown, and a
    ///   `rewind` to a position at or before the request's makes the sequence usable again.
    func forward(_ requests: [ForwardRequest]) throws(Failure)

    /// Lends one row of the last forward's logits, `[vocabularySize]`, valid inside `body`.
    ///
    /// - Parameters:
    ///   - request: The request's index in the last forward.
    ///   - row: `0 ..< wantedRows`: the row of the request's token `count - wantedRows + row`.
    ///   - body: Receives the row; its result is returned.
    func withLogits<Result>(
        request: Int, row: Int, _ body: (UnsafeBufferPointer<Float>) -> Result
    ) -> Result

    /// Drops the tokens at `position` and after from a sequence.
    ///
    /// - Throws: `Failure`; the sequence then counts as holding an unknown number of tokens.
    func rewind(_ sequence: SequenceID, to position: Int) throws(Failure)

    /// Makes a sequence hold the first `count` tokens of another one, which holds at least so many,
    /// in place of what it holds.
    ///
    /// - Returns: Whether it does: a model need not be able to.
    /// - Throws: `Failure`; `destination` then counts as holding an unknown number of tokens.
    func copy(
        _ count: Int, from source: SequenceID, to destination: SequenceID
    ) throws(Failure) -> Bool
}

extension LanguageModel {
    /// Every token.
    public func knows(_ token: TokenID) -> Bool { true }

    /// Cannot copy.
    public func copy(
        _ count: Int, from source: SequenceID, to destination: SequenceID
    ) throws(Failure) -> Bool { false }
}

/// What one sequence asks of a forward.
public struct ForwardRequest: Sendable {
    /// The sequence to append to.
    public var sequence: SequenceID
    /// The position of the first token.
    public var position: Int
    /// The tokens to append, at least one.
    public var tokens: ArraySlice<TokenID>
    /// Of how many of the last tokens the logits are wanted, `0 ... tokens.count`.
    public var wantedRows: Int

    /// A request to append `tokens` at `position`.
    public init(
        sequence: SequenceID, position: Int, tokens: ArraySlice<TokenID>, wantedRows: Int
    ) {
        self.sequence = sequence
        self.position = position
        self.tokens = tokens
        self.wantedRows = wantedRows
    }
}
