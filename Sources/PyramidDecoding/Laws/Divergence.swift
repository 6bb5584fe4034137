/// How far the verifier's law p and the proposer's law q are apart, in nats where logarithms
/// occur. PyramidSD (arXiv 2510.12966) leaves the choice open; FSD's (arXiv 2502.20704) is a
/// Jensen-Shannon divergence of the whole laws.
public enum Divergence: String, Sendable, Codable, CaseIterable {
    /// Jensen-Shannon: 1/2 KL(p||m) + 1/2 KL(q||m), m = (p + q)/2; 0 to ln 2.
    case js
    /// The form in FSD's published code: 1/2 KL(m||p) + 1/2 KL(m||q); 0 or more.
    case jsFSD = "js_fsd"
    /// Kullback-Leibler KL(p||q), of the verifier from the proposer; 0 or more.
    case kl
    /// Total variation 1/2 sum |p - q|; 0 to 1.
    case tv
    /// |p(x) - q(x)| of the proposed token; 0 to 1.
    case absProb = "abs-prob"
    /// |logit difference| of the proposed token; 0 or more.
    case absLogit = "abs-logit"

    /// Whether the value depends on the proposed token.
    package var isPointwise: Bool { self == .absProb || self == .absLogit }

    /// The divergence of the laws, given the proposed token.
    ///
    /// - Complexity: O(vocabulary), O(log vocabulary) when pointwise; no allocation.
    package func value(_ p: RawLaw, _ q: RawLaw, token: TokenID) -> Double {
        switch self {
        case .absProb:
            let difference =
                p.probabilities.probability(of: token) - q.probabilities.probability(of: token)
            return Double(abs(difference))
        case .absLogit:
            guard let a = p.logit(of: token), let b = q.logit(of: token) else { return .infinity }
            return Double(abs(a - b))
        case .tv: return 1 - p.probabilities.overlap(with: q.probabilities)
        case .js, .jsFSD, .kl: return entropic(p.probabilities, q.probabilities)
        }
    }

    private func entropic(_ p: Distribution, _ q: Distribution) -> Double {
        guard p.isDense, q.isDense else { return entropic(p, oneHot: q) }
        return p.probabilities.withUnsafeBufferPointer { p in
            q.probabilities.withUnsafeBufferPointer { q in
                max(
                    0,
                    VectorSums.sum(count: max(p.count, q.count)) {
                        term(p.lanes(at: $0, fill: 0), q.lanes(at: $0, fill: 0))
                    })
            }
        }
    }

    /// The contribution of sixteen tokens. Probabilities are kept off zero by the smallest normal
    /// number, which bounds a logarithm at 87 where mathematics says infinity.
    @inline(__always)
    private func term(_ p: Lanes, _ q: Lanes) -> Lanes {
        let tiny = Lanes(repeating: .leastNormalMagnitude)
        let logP = VectorMath.log(VectorMath.max(p, tiny))
        let logQ = VectorMath.log(VectorMath.max(q, tiny))
        if self == .kl { return p * (logP - logQ) }
        let m = (p + q) * 0.5
        let logM = VectorMath.log(VectorMath.max(m, tiny))
        if self == .js { return (p * (logP - logM) + q * (logQ - logM)) * 0.5 }
        return m * (logM - (logP + logQ) * 0.5)
    }

    /// Against a proposer without a model, whose law is one-hot.
    private func entropic(_ p: Distribution, oneHot q: Distribution) -> Double {
        guard self == .js else { return .infinity }
        // m is p/2 elsewhere, so KL(p||m) gets ln 2 from every other token.
        let probability = Double(p.probability(of: q.modalToken))
        let middle = (probability + 1) / 2
        let fromP =
            (probability > 0 ? probability * VectorMath.log(probability / middle) : 0)
            + (1 - probability) * VectorMath.log(2)
        return 0.5 * fromP + 0.5 * VectorMath.log(1 / middle)
    }
}
