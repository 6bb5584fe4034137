/// The noise of one position, shared by all levels: the same (seed, position) gives the same
/// vector everywhere, so levels that agree on the law agree on the token.
///
/// Drawing argmax(log p + g) with Gumbel noise g is drawing argmin(E / p) with independent
/// exponential variates E = e^-g. They are made in groups of 64 tokens: the least of a group is
/// exponential with rate 64 and falls on any of them alike, and the others exceed it by fresh
/// variates, because an exponential law has no memory. So one number bounds a whole group from
/// below, and nearly all groups are ruled out by their most probable token. See Daliri et al.
/// 2024, "Coupling without Communication and Drafter-Invariant Speculative Decoding"
/// (arXiv 2408.07978).
package struct GumbelNoise {
    private let key: UInt64

    /// The noise at `position` (tokens before it in the sequence) of the sequence's `seed`.
    package init(seed: UInt64, position: Int) {
        key = RandomSource.mixed(
            RandomSource.mixed(seed ^ 0x5851_F42D_4C95_7F2D) &+ UInt64(truncatingIfNeeded: position)
                &* RandomSource.increment)
    }

    /// The token that wins the race under `law`; distributed as `law` over random seeds.
    ///
    /// - Complexity: O(number of stored probabilities), no allocation.
    package func winner(of law: Distribution) -> TokenID {
        var race = Race()
        race.enter(
            law.modalToken, exponential(law.modalToken), law.probability(of: law.modalToken))
        if law.isDense {
            law.probabilities.withUnsafeBufferPointer { enterAll($0, into: &race) }
        } else {
            for (token, probability) in zip(law.tokens, law.probabilities) {
                race.enter(token, exponential(token), probability)
            }
        }
        return race.winner
    }

    /// The exponential variate of a token.
    package func exponential(_ token: TokenID) -> Double {
        let number = UInt64(UInt32(bitPattern: token))
        let group = bits(ofGroup: number / 64)
        let least = Self.exponential(group) / 64
        // The low bits name the least token; the high ones made its variate.
        if group % 64 == number % 64 { return least }
        return least
            + Self.exponential(RandomSource.mixed(~key ^ (number &* RandomSource.increment)))
    }

    private func enterAll(_ law: UnsafeBufferPointer<Float>, into race: inout Race) {
        for start in stride(from: 0, to: law.count, by: 64) {
            // At least u / 64, rounded down to 23 bits: -ln(1 - u) >= u.
            let uniform = Float(bits(ofGroup: UInt64(start / 64)) >> 41) * 0x1p-23
            let needed = uniform / 64 * race.inverseBoundOfTime
            var greatest = law.lanes(at: start, fill: 0)
            for index in stride(from: start + 16, to: start + 64, by: 16) {
                greatest = VectorMath.max(greatest, law.lanes(at: index, fill: 0))
            }
            guard any(greatest .> needed) else { continue }
            for index in start..<min(start + 64, law.count) where law[index] > needed {
                race.enter(TokenID(index), exponential(TokenID(index)), law[index])
            }
        }
    }

    @inline(__always)
    private func bits(ofGroup group: UInt64) -> UInt64 {
        RandomSource.mixed(key &+ group &* RandomSource.increment)
    }

    /// An exponential variate from the high 52 bits.
    private static func exponential(_ bits: UInt64) -> Double {
        // Strictly inside (0, 1): 52 bits and a half.
        -VectorMath.log(1 - (Double(bits >> 12) + 0.5) * 0x1p-52)
    }
}

/// The exponential race: every token arrives at E / p, the first one wins.
private struct Race {
    private(set) var winner: TokenID = 0
    private var time = Double.infinity

    /// A bound: a token can win only if p exceeds this times its E.
    private(set) var inverseBoundOfTime: Float = 0

    mutating func enter(_ token: TokenID, _ variate: Double, _ probability: Float) {
        guard probability > 0 else { return }
        let arrival = variate / Double(probability)
        // Of equal arrivals, which only rounding makes, the lower token wins at every level.
        guard arrival < time || (arrival == time && token < winner) else { return }
        time = arrival
        winner = token
        // Rounded down, so that single precision never rules out the winner.
        inverseBoundOfTime = Float(0.999_999 / arrival).nextDown
    }
}
