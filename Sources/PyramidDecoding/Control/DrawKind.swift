/// How tokens are drawn, as far as it changes how often levels accept each other's.
enum DrawKind: String, Sendable, Codable, CodingKeyRepresentable {
    case greedy
    case sampled
    case coupled
    case budgetedGreedy
    case budgetedSampled

    init(_ options: DecodingOptions) {
        let isGreedy = options.sampling.isGreedy
        self =
            switch options.mode {
            case .budget: isGreedy ? .budgetedGreedy : .budgetedSampled
            case .coupled: isGreedy ? .greedy : .coupled
            case .exact, .fsd, .psdA, .psdF: isGreedy ? .greedy : .sampled
            }
    }

    /// Whether a token is drawn from a law by noise of its own, so that the probability of passing
    /// is known, and not only whether it passed.
    var hasLaws: Bool { self == .sampled || self == .budgetedSampled }
}
