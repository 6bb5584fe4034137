/// SplitMix64 (Steele, Lea, Flood 2014, doi 10.1145/2660193.2660195): the generator of one
/// sequence. The same seed gives the same draws, whatever other sequences do.
public struct RandomSource: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// A generator that starts from `seed`.
    public init(seed: UInt64) {
        state = seed
    }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        state &+= Self.increment
        return Self.mixed(state)
    }

    /// The odd number nearest to 2^64 over the golden ratio: multiples of it spread evenly.
    static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// A bijection of 64 bits in which every output bit depends on every input bit.
    static func mixed(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A uniform number in `[0, 1)` with 53 random bits.
    package mutating func uniform() -> Double {
        Double(next() >> 11) * 0x1p-53
    }
}
