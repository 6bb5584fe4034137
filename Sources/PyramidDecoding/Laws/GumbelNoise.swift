/// The noise of one position, shared by all levels: the same (seed, position) gives the same
/// vector everywhere, so levels that agree on the law agree on the token.
///
/// Drawing argmax(log p + g) with Gumbel noise g is drawing argmin(E / p) with exponential
/// E = e^-g = -ln(1 - u), and E >= u lets a comparison rule out nearly every token before the
/// logarithm is taken. See Daliri et al. 2024, "Coupling without Communication and
/// Drafter-Invariant Speculative Decoding" (arXiv 2408.07978).
package struct GumbelNoise {
    private let key: UInt64

    /// The noise at `position` (tokens before it in the sequence) of the sequence's `seed`.
    package init(seed: UInt64, position: Int) {
        key = RandomSource.mixed(
            RandomSource.mixed(seed ^ 0x5851_F42D_4C95_7F2D) &+ UInt64(truncatingIfNeeded: position)
                &* 0x9E37_79B9_7F4A_7C15)
    }

    /// The token that wins the race under `law`; distributed as `law` over random seeds.
    ///
    /// - Complexity: O(number of stored probabilities), no allocation.
    package func winner(of law: Distribution) -> TokenID {
        var race = Race(noise: self)
        race.enter(law.modalToken, law.probability(of: law.modalToken))
        if law.isDense {
            law.probabilities.withUnsafeBufferPointer { enterAll($0, into: &race) }
        } else {
            for (token, probability) in zip(law.tokens, law.probabilities) {
                race.enter(token, probability)
            }
        }
        return race.winner
    }

    private func enterAll(_ law: UnsafeBufferPointer<Float>, into race: inout Race) {
        var tokens = SIMD16<UInt32>(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
        for index in stride(from: 0, to: law.count, by: 16) {
            let bounds = lowerBounds(tokens)
            let probabilities = law.lanes(at: index, fill: 0)
            let hits = bounds .< probabilities * race.boundOfTime
            if any(hits) {
                for lane in 0..<16 where hits[lane] {
                    race.enter(TokenID(index + lane), probabilities[lane])
                }
            }
            tokens &+= 16
        }
    }

    /// Sixteen tokens' uniform numbers, rounded down to 23 bits.
    @inline(__always)
    private func lowerBounds(_ tokens: SIMD16<UInt32>) -> Lanes {
        let mantissa = (hash(tokens) &>> 9) | 0x3F80_0000
        return unsafeBitCast(mantissa, to: Lanes.self) - 1
    }

    /// The high 32 bits of a token's uniform number: a 32-bit mixer of two multiplications, keyed
    /// before each, so that the noise of two positions is never the same but shifted.
    @inline(__always)
    private func hash(_ tokens: SIMD16<UInt32>) -> SIMD16<UInt32> {
        var x = tokens &+ UInt32(truncatingIfNeeded: key)
        x = (x ^ (x &>> 16)) &* 0x21F0_AAAD
        x = (x ^ (x &>> 15)) &+ UInt32(truncatingIfNeeded: key >> 32)
        x = (x ^ (x &>> 16)) &* 0xD35A_2D97
        return x ^ (x &>> 15)
    }

    /// The exponential variate of a token, from 64 bits of which the high 32 are `hash`'s.
    package func exponential(_ token: TokenID) -> Double {
        let number = UInt32(bitPattern: token)
        let high = UInt64(hash(SIMD16(repeating: number))[0])
        let low = RandomSource.mixed(key ^ (UInt64(number) << 32 | high)) >> 44
        // Strictly inside (0, 1): 52 bits and a half.
        let uniform = (Double(high << 20 | low) + 0.5) * 0x1p-52
        return -VectorMath.log(1 - uniform)
    }
}

/// The exponential race: every token arrives at E / p, the first one wins.
private struct Race {
    let noise: GumbelNoise
    var winner: TokenID = 0
    private var time = Double.infinity

    /// A bound that a token's u / p must be under to be able to win, for single precision.
    private(set) var boundOfTime: Float = .greatestFiniteMagnitude

    package init(noise: GumbelNoise) {
        self.noise = noise
    }

    mutating func enter(_ token: TokenID, _ probability: Float) {
        guard probability > 0 else { return }
        let arrival = noise.exponential(token) / Double(probability)
        // Of equal arrivals, which only rounding makes, the lower token wins at every level.
        guard arrival < time || (arrival == time && token < winner) else { return }
        time = arrival
        winner = token
        // Rounded up, so that single precision never rules out the winner.
        boundOfTime = Float(min(arrival * 1.000_001, 1e38)).nextUp
    }
}
