import PyramidDecoding
import Testing

@Suite("Prompt lookup")
struct NGramLookupTests {
    @Test(
        "Hand table",
        arguments: [
            // tokens, longest, shortest, count, proposal
            ([], 3, 1, 4, nil),
            ([1], 3, 1, 4, nil),
            ([1, 2], 3, 1, 4, nil),
            ([1, 1], 3, 1, 4, 1..<2),
            ([1, 2, 1], 3, 1, 4, 1..<3),
            ([1, 2, 1], 3, 2, 4, nil),
            // A match at the very start.
            ([1, 2, 3, 1, 2], 2, 2, 1, 2..<3),
            ([1, 2, 3, 1, 2], 3, 2, 9, 2..<5),
            // The latest of equally long matches.
            ([1, 2, 7, 1, 2, 8, 1, 2], 2, 2, 1, 5..<6),
            // A longer match before a later, shorter one.
            ([5, 1, 2, 7, 1, 2, 8, 5, 1, 2], 3, 1, 1, 3..<4),
            // Overlaps with itself.
            ([4, 4, 4, 4], 3, 1, 5, 3..<4),
            ([1, 2, 1, 2, 1, 2], 4, 2, 3, 4..<6),
            // Nothing to propose.
            ([1, 2, 3, 4], 3, 1, 4, nil),
            ([1, 2, 1], 3, 1, 0, nil),
        ] as [([TokenID], Int, Int, Int, Range<Int>?)])
    func proposal(
        tokens: [TokenID], longest: Int, shortest: Int, count: Int, expected: Range<Int>?
    ) {
        let lookup = NGramLookup(longestMatch: longest, shortestMatch: shortest)
        #expect(lookup.proposal(for: tokens, count: count) == expected)
    }

    @Test("It proposes what a naive search finds", arguments: 0..<200 as Range<UInt64>)
    func againstNaive(seed: UInt64) {
        var random = RandomSource(seed: seed)
        let tokens = (0..<Int.random(in: 1...40, using: &random)).map { _ in
            TokenID.random(in: 0..<3, using: &random)
        }
        let lookup = NGramLookup(longestMatch: 4, shortestMatch: 2)
        #expect(lookup.proposal(for: tokens, count: 5) == naive(tokens, count: 5))
    }

    private func naive(_ tokens: [TokenID], count: Int) -> Range<Int>? {
        for length in [4, 3, 2] where tokens.count > length {
            let suffix = tokens.suffix(length)
            for start in stride(from: tokens.count - length - 1, through: 0, by: -1)
            where tokens[start..<(start + length)].elementsEqual(suffix) {
                let first = start + length
                return first..<min(first + count, tokens.count)
            }
        }
        return nil
    }
}
