package import PyramidDecoding

/// A KV cache that stores the tokens themselves and checks every contract of `LanguageModel`.
package struct ReferenceCache {
    package let capacity: Int
    package let contextSize: Int
    package let vocabularySize: Int

    /// The tokens of every sequence.
    package private(set) var tokens: [[TokenID]]
    /// Every breach of contract, in words.
    package private(set) var violations: [String] = []
    /// Sequences that a failure left with an unknown number of tokens, and what they held for sure.
    private var certain: [SequenceID: Int] = [:]

    package init(capacity: Int, contextSize: Int, vocabularySize: Int) {
        self.capacity = capacity
        self.contextSize = contextSize
        self.vocabularySize = vocabularySize
        tokens = Array(repeating: [], count: capacity)
    }

    /// Checks the requests of a forward.
    package mutating func check(_ requests: [ForwardRequest]) {
        expect(!requests.isEmpty, "a forward without requests")
        expect(
            Set(requests.map(\.sequence)).count == requests.count,
            "a sequence occurs twice in a forward")
        for request in requests { check(request) }
    }

    /// Appends a request's first `count` tokens.
    package mutating func append(_ request: ForwardRequest, count: Int) {
        tokens[request.sequence] += request.tokens.prefix(count)
    }

    /// Notes that a failed call leaves an unknown number of tokens, of which `count` are certain.
    package mutating func lose(_ sequence: SequenceID, certain count: Int) {
        certain[sequence] = min(count, certain[sequence] ?? count)
    }

    /// Checks that a rewind goes to where the sequence's tokens are certain.
    package mutating func checkRewind(_ sequence: SequenceID, to position: Int) {
        guard tokens.indices.contains(sequence) else {
            return expect(false, "rewind of sequence \(sequence)")
        }
        let most = certain[sequence] ?? tokens[sequence].count
        expect(
            (0...most).contains(position),
            "rewind of sequence \(sequence) to \(position) of \(most) tokens")
    }

    /// Drops the tokens at `position` and after.
    package mutating func rewind(_ sequence: SequenceID, to position: Int) {
        certain[sequence] = nil
        tokens[sequence].removeLast(max(0, tokens[sequence].count - position))
    }

    /// Makes a sequence hold the first `count` tokens of another.
    package mutating func copy(_ count: Int, from source: SequenceID, to destination: SequenceID) {
        guard tokens.indices.contains(source), tokens.indices.contains(destination),
            source != destination, certain[source] == nil, count <= tokens[source].count
        else {
            return expect(
                false, "copy of \(count) tokens from sequence \(source) to \(destination)")
        }
        certain[destination] = nil
        tokens[destination] = Array(tokens[source].prefix(count))
    }

    package mutating func expect(_ holds: Bool, _ violation: @autoclosure () -> String) {
        if !holds { violations.append(violation()) }
    }

    private mutating func check(_ request: ForwardRequest) {
        let sequence = request.sequence
        guard tokens.indices.contains(sequence) else {
            return expect(false, "forward of sequence \(sequence)")
        }
        let held = tokens[sequence].count
        expect(certain[sequence] == nil, "forward of sequence \(sequence) before its rewind")
        expect(
            request.position == held,
            "sequence \(sequence): position \(request.position), and it holds \(held) tokens")
        expect(!request.tokens.isEmpty, "sequence \(sequence): an empty request")
        expect(
            (0...request.tokens.count).contains(request.wantedRows),
            "sequence \(sequence): \(request.wantedRows) rows of \(request.tokens.count) tokens")
        expect(
            held + request.tokens.count <= contextSize,
            "sequence \(sequence): \(held + request.tokens.count) tokens in the context")
        expect(
            request.tokens.allSatisfy { $0 >= 0 && Int($0) < vocabularySize },
            "sequence \(sequence): a token outside the common vocabulary")
    }
}
