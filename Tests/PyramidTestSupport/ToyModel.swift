package import PyramidDecoding

/// A model with a tiny vocabulary and a reference cache, which can be told to fail or to lie.
package final class ToyModel: LanguageModel {
    /// A way to break a model's promise, planted to see that the tests notice.
    package enum Lie: Sendable {
        /// The last of several rows is the one before it: the bonus comes from the wrong row.
        case lastRowIsPrevious
        /// A row is that of the token before: laws are shifted by one position.
        case rowsAreShifted
    }

    package let logits: ToyLogits
    package let vocabularySize: Int
    package let contextSize: Int
    package let sequenceCapacity: Int
    package private(set) var cache: ReferenceCache

    /// The calls so far, failed ones included.
    package private(set) var forwardCount = 0
    package private(set) var rewindCount = 0
    package private(set) var copyCount = 0

    /// The forwards and rewinds that fail, from 1.
    package var failingForwards: Set<Int> = []
    package var failingRewinds: Set<Int> = []
    package var failingCopies: Set<Int> = []
    /// Whether it can copy the beginning of a sequence.
    package var canCopy = true
    /// The forward from which one row is NaN, from 1.
    package var invalidForward: Int?
    package var lie: Lie?

    private struct Answer {
        var contexts: [Int]
    }
    private var answers: [Answer] = []
    private var rows: [Int: [Float]] = [:]
    private let invalidRow: [Float]
    private let partial: PartialVocabulary?

    /// - Parameter padding: Logits after those of the vocabulary, which no tokenizer produces.
    package init(
        _ logits: ToyLogits, padding: Int = 0, contextSize: Int = 256, sequenceCapacity: Int = 1
    ) {
        self.logits = logits
        self.contextSize = contextSize
        self.sequenceCapacity = sequenceCapacity
        partial = logits.part?.vocabulary
        vocabularySize = partial?.size ?? logits.vocabularySize + padding
        cache = ReferenceCache(
            capacity: sequenceCapacity, contextSize: contextSize,
            vocabularySize: logits.part?.shared.count ?? logits.vocabularySize)
        // Padding has logits too, and great ones: nobody must look at them.
        invalidRow =
            (0..<vocabularySize).map { $0 == logits.vocabularySize - 1 ? .nan : Float($0) }
    }

    /// Every breach of contract so far.
    package var violations: [String] { cache.violations }

    package func knows(_ token: TokenID) -> Bool { partial?.knows(token) ?? true }

    package func forward(_ requests: [ForwardRequest]) throws(ToyFailure) {
        let requests = partial?.translated(requests) ?? requests
        forwardCount += 1
        cache.check(requests)
        answers.removeAll(keepingCapacity: true)
        if failingForwards.contains(forwardCount) {
            for (index, request) in requests.enumerated() {
                // Some of the work was done.
                cache.append(request, count: (request.tokens.count + index) / 2)
                cache.lose(request.sequence, certain: request.position)
            }
            throw ToyFailure(call: forwardCount, isRewind: false)
        }
        for request in requests {
            cache.append(request, count: request.tokens.count)
            answers.append(answer(to: request))
        }
    }

    package func withLogits<Result>(
        request: Int, row: Int, _ body: (UnsafeBufferPointer<Float>) -> Result
    ) -> Result {
        if let invalidForward, forwardCount >= invalidForward {
            return invalidRow.withUnsafeBufferPointer(body)
        }
        guard answers.indices.contains(request), answers[request].contexts.indices.contains(row)
        else {
            cache.expect(false, "row \(row) of request \(request) was not computed")
            return invalidRow.withUnsafeBufferPointer(body)
        }
        let context = answers[request].contexts[row]
        if rows[context] == nil { rows[context] = ownRow(context) }
        return (rows[context] ?? []).withUnsafeBufferPointer { own in
            partial.map { $0.withRow(own, body) } ?? body(own)
        }
    }

    package func rewind(_ sequence: SequenceID, to position: Int) throws(ToyFailure) {
        rewindCount += 1
        cache.checkRewind(sequence, to: position)
        if failingRewinds.contains(rewindCount) {
            cache.lose(sequence, certain: position)
            throw ToyFailure(call: rewindCount, isRewind: true)
        }
        cache.rewind(sequence, to: position)
    }

    package func copy(
        _ count: Int, from source: SequenceID, to destination: SequenceID
    ) throws(ToyFailure) -> Bool {
        copyCount += 1
        guard canCopy else { return false }
        if failingCopies.contains(copyCount) {
            cache.lose(destination, certain: 0)
            throw ToyFailure(call: copyCount, isRewind: false)
        }
        cache.copy(count, from: source, to: destination)
        return true
    }

    /// A row by the model's own ids.
    private func ownRow(_ context: Int) -> [Float] {
        let row = logits.row(context)
        if let part = logits.part { return part.shared.map { row[Int($0)] } }
        return row + Array(repeating: 9, count: vocabularySize - logits.vocabularySize)
    }

    private func answer(to request: ForwardRequest) -> Answer {
        let held = cache.tokens[request.sequence]
        let tokens = logits.part.map { part in held.map { part.shared[Int($0)] } } ?? held
        var ends = Array((tokens.count - request.wantedRows + 1)..<(tokens.count + 1))
        switch lie {
        case .lastRowIsPrevious where ends.count > 1: ends[ends.count - 1] -= 1
        case .rowsAreShifted: ends = ends.map { max(1, $0 - 1) }
        default: break
        }
        return Answer(contexts: ends.map { ToyLogits.context(after: tokens[..<$0]) })
    }
}
