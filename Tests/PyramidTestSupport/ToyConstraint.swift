package import PyramidDecoding

/// Allows about half of the tokens after every text, at least one, and complains when it is asked
/// about a text that it did not allow.
package final class ToyConstraint: TokenConstraint {
    private let vocabularySize: Int
    /// Texts that were asked about although some token of them was forbidden.
    package private(set) var violations = 0

    package init(vocabularySize: Int) {
        self.vocabularySize = vocabularySize
    }

    package func allows(_ token: TokenID, after generated: ArraySlice<TokenID>) -> Bool {
        // Any two texts of one length and one last token are alike.
        let place = generated.count &* 3 &+ Int(generated.last ?? 0)
        let always = place % vocabularySize
        return Int(token) == always || (Int(token) &* 7 &+ place) % 2 == 0
    }

    package func restrict(
        _ logits: UnsafeMutableBufferPointer<Float>, after generated: ArraySlice<TokenID>
    ) {
        for end in generated.indices
        where !allows(generated[end], after: generated[..<end]) {
            violations += 1
        }
        for token in logits.indices where !allows(TokenID(token), after: generated) {
            logits[token] = -.infinity
        }
    }
}
