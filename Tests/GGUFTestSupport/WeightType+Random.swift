extension WeightType {
    /// Whole blocks of `count` random weights around 0, of about this standard deviation; every
    /// quant and every scale of a part occurs.
    package func randomBytes(
        count: Int, deviation: Double, using random: inout some RandomNumberGenerator
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count / blockSize * blockBytes)
        for _ in 0..<count / blockSize {
            bytes += block(deviation: deviation, using: &random)
        }
        return bytes
    }

    private func block(
        deviation: Double, using random: inout some RandomNumberGenerator
    ) -> [UInt8] {
        func bits(_ count: Int) -> [UInt8] {
            (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        }
        // So that blocks differ, also in sign where a minimum does not fix it.
        let size = Double.random(in: 0.5...1.5, using: &random)
        let signed = Bool.random(using: &random) ? size : -size
        let unit = deviation / spread
        switch self {
        case .f32:
            let limit = deviation * 3.0.squareRoot()
            let value = Float(Double.random(in: -limit...limit, using: &random))
            return value.bitPattern.bytes
        case .bf16:
            return Array(
                WeightType.f32.block(deviation: deviation, using: &random).suffix(2))
        case .f16:
            let limit = deviation * 3.0.squareRoot()
            return Self.half(Double.random(in: -limit...limit, using: &random))
        case .q80: return Self.half(signed * unit) + bits(32)
        case .q40: return Self.half(signed * unit) + bits(16)
        case .q50: return Self.half(signed * unit) + bits(20)
        case .q41: return Self.half(size * unit) + Self.half(-7.5 * size * unit) + bits(16)
        case .q51: return Self.half(size * unit) + Self.half(-15.5 * size * unit) + bits(20)
        case .q4K:
            return Self.half(size * unit) + Self.half(7.5 * size * unit)
                + Self.partScales(using: &random) + bits(128)
        case .q5K:
            return Self.half(size * unit) + Self.half(15.5 * size * unit)
                + Self.partScales(using: &random) + bits(160)
        case .q6K: return bits(208) + Self.half(signed * unit)
        }
    }

    /// The standard deviation of random weights, times their parts' scales, of a block of scale 1.
    private var spread: Double {
        switch self {
        case .f32, .f16, .bf16: 1
        case .q80: 74
        case .q40, .q41: 4.6
        case .q50, .q51: 9.2
        case .q4K: 168
        case .q5K: 336
        case .q6K: 1367
        }
    }

    /// Eight six-bit scales, and minimums that are about the same, packed as K-quants have them.
    private static func partScales(using random: inout some RandomNumberGenerator) -> [UInt8] {
        let scales = (0..<8).map { _ in UInt8.random(in: 0...63, using: &random) }
        let minimums = scales.map { scale in
            UInt8(min(63, max(0, Int(scale) + Int.random(in: -2...2, using: &random))))
        }
        return (0..<4).map { scales[$0] | (scales[$0 + 4] >> 4) << 6 }
            + (0..<4).map { minimums[$0] | (minimums[$0 + 4] >> 4) << 6 }
            + (0..<4).map { scales[$0 + 4] & 15 | (minimums[$0 + 4] << 4) }
    }

    private static func half(_ value: Double) -> [UInt8] { HalfFloat.bits(value).bytes }
}

extension FixedWidthInteger {
    /// The bytes, the lowest first.
    fileprivate var bytes: [UInt8] {
        withUnsafeBytes(of: littleEndian) { Array($0) }
    }
}
