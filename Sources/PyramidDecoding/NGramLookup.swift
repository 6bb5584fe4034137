/// Proposes the tokens that followed the latest earlier occurrence of the sequence's last few
/// tokens (prompt lookup decoding, Saxena 2023). It needs no model, and its law is one-hot.
public struct NGramLookup: Sendable, Codable, Equatable {
    /// The longest run of last tokens to look for, tried first.
    public var longestMatch: Int
    /// The shortest run of last tokens that counts as a match.
    public var shortestMatch: Int

    /// A lookup that matches from `longestMatch` down to `shortestMatch` last tokens.
    public init(longestMatch: Int = 4, shortestMatch: Int = 2) {
        precondition(shortestMatch >= 1 && longestMatch >= shortestMatch)
        self.longestMatch = longestMatch
        self.shortestMatch = shortestMatch
    }

    /// An earlier occurrence of the last tokens.
    struct Match {
        /// How many last tokens it has in common, at most `longestMatch`.
        var length: Int
        /// Where the proposal stands.
        var range: Range<Int>
    }

    /// The class of a match's length, from 0.
    func matchClass(_ match: Match) -> Int {
        min(match.length - shortestMatch, Agreement.matchClasses - 1)
    }

    /// Where in `tokens` a proposal of at most `count` tokens stands; `nil`: nothing to propose.
    ///
    /// - Complexity: O(`tokens.count` x `longestMatch`).
    public func proposal(for tokens: [TokenID], count: Int) -> Range<Int>? {
        match(for: tokens, count: count)?.range
    }

    /// The latest of the longest earlier occurrences.
    func match(for tokens: [TokenID], count: Int) -> Match? {
        guard count > 0, tokens.count > shortestMatch else { return nil }
        var best: (length: Int, end: Int)?
        tokens.withUnsafeBufferPointer { tokens in
            let last = tokens.count - 1
            // `end` is the index of the last matched token of an earlier occurrence.
            for end in stride(from: last - 1, through: shortestMatch - 1, by: -1) {
                guard tokens[end] == tokens[last] else { continue }
                var length = 1
                while length < longestMatch, length <= end,
                    tokens[end - length] == tokens[last - length]
                {
                    length += 1
                }
                if length >= shortestMatch, length > (best?.length ?? 0) {
                    best = (length, end)
                    if length == longestMatch { break }
                }
            }
        }
        guard let best else { return nil }
        let start = best.end + 1
        return Match(length: best.length, range: start..<min(start + count, tokens.count))
    }
}
