/// How a level tests what the level below proposes, and draws where there is nothing to test.
///
/// A rule sees laws and tokens, never a model. p is the verifier's law and r the law from which
/// the proposal was really drawn, both processed by the sequence's sampling. Every sequence of a
/// batch has rules of its own, so they are existentials: one dynamic call beside sums over a
/// whole vocabulary.
package protocol AcceptanceRule: Sendable {
    /// Whether what comes out has the level's own law.
    var preservesLaw: Bool { get }

    /// Whether the verifier's and the proposer's raw laws are needed.
    var comparesRawLaws: Bool { get }

    /// The most mean total variation per emitted token that the rule may spend at the target,
    /// 0 ... 1.
    var budget: Double { get }

    /// Tests a proposal.
    func judge(_ proposal: TestedProposal, _ source: inout TokenSource) -> Judgement

    /// Draws a token from the verifier's law, where there is no proposal or all were accepted.
    func draw(from p: Distribution, position: Int, _ source: inout TokenSource) -> TokenID
}

extension AcceptanceRule {
    /// Only rules that compare whole models need more than the processed laws.
    package var comparesRawLaws: Bool { false }

    /// Nothing to spend.
    package var budget: Double { 0 }

    /// An ordinary draw from p.
    package func draw(
        from p: Distribution, position: Int, _ source: inout TokenSource
    ) -> TokenID {
        p.sample(using: &source.generator)
    }
}

/// One proposal and the laws that bear on it.
package struct TestedProposal {
    /// The proposed token.
    package let token: TokenID
    /// The number of tokens before it.
    package let position: Int
    /// The verifier's law.
    package let p: Distribution
    /// The law that the proposal was drawn from.
    package let r: Distribution
    /// The verifier's and the proposer's raw laws, for rules that compare them.
    package let rawP: RawLaw?
    package let rawQ: RawLaw?
    /// Sum of min(p, r) = 1 - the total variation of p and r.
    package let overlap: Double
    /// The total variation that the rule's budget leaves for this position.
    package let available: Double
}

/// What a test decided, and the law of what it emits, which travels upward with the token.
package struct Judgement {
    /// The law of the emitted token, accepted or corrected, given its prefix.
    package enum EmittedLaw {
        /// p.
        case verifier
        /// r.
        case proposal
        /// The one written into the source's `mixture`.
        case mixture
        /// p + share (r - p), the share between 0 and 1.
        case blend(share: Double)
    }

    /// The corrected token; `nil` when the proposal was accepted.
    package var correction: TokenID?
    package var law: EmittedLaw

    package init(correction: TokenID? = nil, law: EmittedLaw) {
        self.correction = correction
        self.law = law
    }
}

/// What a sequence draws its tokens with: its generator, its seed, and workspace.
package struct TokenSource {
    package var generator: RandomSource
    package let seed: UInt64
    package let residual: Distribution
    package let kept: Distribution
    package var mixture: Distribution

    package init(seed: UInt64, vocabularySize: Int) {
        self.seed = seed
        generator = RandomSource(seed: seed)
        residual = Distribution(vocabularySize: vocabularySize)
        kept = Distribution(vocabularySize: vocabularySize)
        mixture = Distribution(vocabularySize: vocabularySize)
    }
}
