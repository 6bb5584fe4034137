/// How a level tests what the level below proposes, and draws where there is nothing to test.
public enum AcceptanceRule: Sendable, Codable, Equatable {
    /// Rejection sampling: the level's own law comes out. Preserves the law.
    case exact(ExactRule)
    /// Shared Gumbel noise: the level's own seeded token comes out. Preserves the law.
    case coupled(CoupledRule)
    /// The published PSD_A's first stage. Lossy.
    case assisted(AssistedRule)
    /// Accepts where the laws are near. Lossy.
    case fuzzy(FuzzyRule)

    /// Whether what comes out has the level's own law.
    public var preservesLaw: Bool {
        switch self {
        case .exact, .coupled: true
        case .assisted, .fuzzy: false
        }
    }
}

extension AcceptanceRule: AcceptanceTest {
    /// Whether the verifier's and the proposer's raw laws are needed.
    var comparesRawLaws: Bool {
        if case .fuzzy = self { true } else { false }
    }

    func judge(_ proposal: TestedProposal, _ source: inout TokenSource) -> Judgement {
        switch self {
        case .exact(let rule): rule.judge(proposal, &source)
        case .coupled(let rule): rule.judge(proposal, &source)
        case .assisted(let rule): rule.judge(proposal, &source)
        case .fuzzy(let rule): rule.judge(proposal, &source)
        }
    }

    func draw(from p: Distribution, position: Int, _ source: inout TokenSource) -> TokenID {
        switch self {
        case .exact(let rule): rule.draw(from: p, position: position, &source)
        case .coupled(let rule): rule.draw(from: p, position: position, &source)
        case .assisted(let rule): rule.draw(from: p, position: position, &source)
        case .fuzzy(let rule): rule.draw(from: p, position: position, &source)
        }
    }
}

/// A rule's arithmetic: it sees laws and tokens, never a model.
///
/// p is the verifier's law and r the law from which the proposal was really drawn, both
/// processed by the sequence's sampling.
protocol AcceptanceTest: Sendable {
    /// Tests a proposal.
    func judge(_ proposal: TestedProposal, _ source: inout TokenSource) -> Judgement

    /// Draws a token from the verifier's law, where there is no proposal or all were accepted.
    func draw(from p: Distribution, position: Int, _ source: inout TokenSource) -> TokenID
}

/// One proposal and the laws that bear on it.
struct TestedProposal {
    /// The proposed token.
    let token: TokenID
    /// The number of tokens before it.
    let position: Int
    /// The verifier's law.
    let p: Distribution
    /// The law that the proposal was drawn from.
    let r: Distribution
    /// The verifier's and the proposer's raw laws, for rules that compare them.
    let rawP: RawLaw?
    let rawQ: RawLaw?
}

/// What a test decided, and the law of what it emits, which travels upward with the token.
struct Judgement {
    /// The law of the emitted token, accepted or corrected, given its prefix.
    enum EmittedLaw {
        /// p.
        case verifier
        /// r.
        case proposal
        /// The one written into the source's `mixture`.
        case mixture
    }

    /// The corrected token; `nil` when the proposal was accepted.
    var correction: TokenID?
    var law: EmittedLaw
}

/// What a sequence draws its tokens with: its generator, its seed, and workspace.
struct TokenSource {
    var generator: RandomSource
    let seed: UInt64
    let residual: Distribution
    let kept: Distribution
    var mixture: Distribution

    init(seed: UInt64, vocabularySize: Int) {
        self.seed = seed
        generator = RandomSource(seed: seed)
        residual = Distribution(vocabularySize: vocabularySize)
        kept = Distribution(vocabularySize: vocabularySize)
        mixture = Distribution(vocabularySize: vocabularySize)
    }
}

extension AcceptanceTest {
    func draw(from p: Distribution, position: Int, _ source: inout TokenSource) -> TokenID {
        p.sample(using: &source.generator)
    }
}
