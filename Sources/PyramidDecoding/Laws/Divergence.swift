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
        case .absProb, .absLogit:
            let values = pointwise(
                Lanes(repeating: p.probabilities.probability(of: token)),
                Lanes(repeating: q.probabilities.probability(of: token)),
                logOffset: p.logOffset(from: q))
            return Double(values[0])
        case .tv: return 1 - p.probabilities.overlap(with: q.probabilities)
        case .js, .jsFSD, .kl: return entropic(p, q)
        }
    }

    /// Writes the weights of the tokens of `law` whose pointwise divergence is at most
    /// `threshold`, and leaves out the others.
    ///
    /// - Complexity: O(number of stored probabilities of `law`), no allocation once warm.
    package func writeWeights(
        _ kept: Distribution, of law: Distribution, _ p: RawLaw, _ q: RawLaw, threshold: Double
    ) {
        precondition(isPointwise)
        guard law.isDense, p.probabilities.isDense, q.probabilities.isDense else {
            kept.setWeights(of: law) { value(p, q, token: $0) <= threshold }
            return
        }
        let logOffset = p.logOffset(from: q)
        // Rounded down, so that it cuts single precision where `value` cuts double.
        let bound = Float(threshold)
        let limit = Double(bound) > threshold ? bound.nextDown : bound
        kept.setDense(modalToken: law.modalToken) { weights in
            law.probabilities.withUnsafeBufferPointer { law in
                p.probabilities.probabilities.withUnsafeBufferPointer { p in
                    q.probabilities.probabilities.withUnsafeBufferPointer { q in
                        for index in stride(from: 0, to: weights.count, by: 16) {
                            let values = pointwise(
                                p.lanes(at: index, fill: 0), q.lanes(at: index, fill: 0),
                                logOffset: logOffset)
                            let lanes = law.lanes(at: index, fill: 0)
                            weights.store(
                                Lanes(repeating: 0).replacing(
                                    with: lanes, where: values .<= limit),
                                at: index)
                        }
                    }
                }
            }
        }
    }

    /// Sixteen tokens' pointwise divergences.
    @inline(__always)
    private func pointwise(_ p: Lanes, _ q: Lanes, logOffset: Float?) -> Lanes {
        if self == .absProb { return VectorMath.abs(p - q) }
        let infinite = Lanes(repeating: .infinity)
        guard let logOffset else { return infinite }
        let difference = VectorMath.log(p / q) + logOffset
        return infinite.replacing(
            with: VectorMath.abs(difference), where: (p .> 0) .& (q .> 0))
    }

    /// The entropies of p and q are known, which saves logarithms; what cancels leaves an error
    /// of about 1e-6.
    private func entropic(_ p: RawLaw, _ q: RawLaw) -> Double {
        guard p.probabilities.isDense, q.probabilities.isDense else {
            return entropic(p.probabilities, oneHot: q.probabilities)
        }
        let cross = crossSum(p.probabilities, q.probabilities)
        return switch self {
        case .js: max(0, (p.negativeEntropy + q.negativeEntropy) / 2 - cross)
        case .kl: max(0, p.negativeEntropy - cross)
        default: max(0, cross)
        }
    }

    private func crossSum(_ p: Distribution, _ q: Distribution) -> Double {
        p.probabilities.withUnsafeBufferPointer { p in
            q.probabilities.withUnsafeBufferPointer { q in
                VectorSums.sum(count: max(p.count, q.count)) {
                    crossTerm(p.lanes(at: $0, fill: 0), q.lanes(at: $0, fill: 0))
                }
            }
        }
    }

    /// What sixteen tokens add to sum m log m (js), sum p log q (kl), or KL(m||p)/2 + KL(m||q)/2.
    /// Probabilities are kept off zero by the smallest normal number, which bounds a logarithm at
    /// 87 where mathematics says infinity.
    @inline(__always)
    private func crossTerm(_ p: Lanes, _ q: Lanes) -> Lanes {
        let tiny = Lanes(repeating: .leastNormalMagnitude)
        let m = (p + q) * 0.5
        if self == .js { return m * VectorMath.log(VectorMath.max(m, tiny)) }
        if self == .kl { return p * VectorMath.log(VectorMath.max(q, tiny)) }
        // (m/p)(m/q) is at least 1, and when one factor is large the other is near 1/2.
        let ratio = m / VectorMath.max(p, tiny) * (m / VectorMath.max(q, tiny))
        return m * VectorMath.log(VectorMath.max(ratio, tiny)) * 0.5
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
