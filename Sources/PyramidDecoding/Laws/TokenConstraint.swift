/// Says which tokens may follow, such as a grammar.
///
/// What it forbids has the probability 0 at every level, before all other sampling, so that the
/// output has the target's law given that every token is allowed where it stands.
public protocol TokenConstraint: AnyObject {
    /// Sets the logits of tokens that may not follow `generated` to `-infinity`.
    ///
    /// - Parameters:
    ///   - logits: `[vocabularySize]`.
    ///   - generated: The tokens after the prompt so far; all of them were allowed. One call may be
    ///     about an earlier place than the last one was, and about other tokens there.
    func restrict(
        _ logits: UnsafeMutableBufferPointer<Float>, after generated: ArraySlice<TokenID>)

    /// Whether a token may follow `generated`.
    func allows(_ token: TokenID, after generated: ArraySlice<TokenID>) -> Bool
}

/// A constraint at a place of a text.
package struct Restriction {
    let constraint: any TokenConstraint
    let generated: ArraySlice<TokenID>

    package init(constraint: any TokenConstraint, generated: ArraySlice<TokenID>) {
        self.constraint = constraint
        self.generated = generated
    }
}
