/// Sixteen vocabulary entries at a time; the compiler splits it into the machine's registers.
package typealias Lanes = SIMD16<Float>

/// Elementary functions over ``Lanes``. They contain no fused multiply-add and no call, so every
/// machine computes the same bits.
package enum VectorMath {
    /// Adding and subtracting 1.5 x 2^23 rounds a small float to an integer; the integer is then
    /// in the low bits.
    private static let roundingConstant: Float = 12_582_912

    /// The lesser of each pair. The library's `pointwiseMin` goes lane by lane through memory,
    /// twenty times slower.
    @inline(__always)
    static func min(_ a: Lanes, _ b: Lanes) -> Lanes {
        b.replacing(with: a, where: a .< b)
    }

    /// The greater of each pair; NaN where `b` is NaN.
    @inline(__always)
    static func max(_ a: Lanes, _ b: Lanes) -> Lanes {
        b.replacing(with: a, where: a .> b)
    }

    /// The magnitude of each.
    @inline(__always)
    static func abs(_ x: Lanes) -> Lanes {
        x.replacing(with: -x, where: x .< 0)
    }

    /// e^x for `x <= 88`; 0 below -87, where the result would be subnormal. Relative error 2e-7.
    @inline(__always)
    package static func exp(_ x: Lanes) -> Lanes {
        let isTiny = x .< -87
        let clamped = x.replacing(with: -87, where: isTiny)
        let shifted = clamped * 1.442_695_04 + roundingConstant
        let power = shifted - roundingConstant
        let r = clamped - power * 0.693_359_375 - power * -2.121_944_4e-4
        var polynomial = r * 1.987_569_15e-4 + 1.398_199_951e-3
        polynomial = polynomial * r + 8.333_451_907e-3
        polynomial = polynomial * r + 4.166_579_589e-2
        polynomial = polynomial * r + 1.666_666_546e-1
        polynomial = polynomial * r + 5.000_000_12e-1
        let mantissa = polynomial * r * r + r + 1
        let bits = unsafeBitCast(shifted, to: SIMD16<UInt32>.self)
        let scale = unsafeBitCast((bits &+ 127) &<< 23, to: Lanes.self)
        return (mantissa * scale).replacing(with: 0, where: isTiny)
    }

    /// ln(x) for normal `x > 0`; for 0 a finite value below -87. Absolute error 1e-7 near 1.
    @inline(__always)
    package static func log(_ x: Lanes) -> Lanes {
        let bits = unsafeBitCast(x, to: SIMD16<Int32>.self)
        // Move the mantissa to [sqrt(1/2), sqrt(2)) so that the polynomial's argument is small.
        let offset = bits &- 0x3F35_04F3
        let rounding = SIMD16(repeating: Int32(bitPattern: roundingConstant.bitPattern))
        let exponentBits = (offset &>> 23) &+ rounding
        let exponent = unsafeBitCast(exponentBits, to: Lanes.self) - roundingConstant
        let mantissaBits = (offset & 0x007F_FFFF) &+ 0x3F35_04F3
        let f = unsafeBitCast(mantissaBits, to: Lanes.self) - 1
        var polynomial = f * 7.037_683_63e-2 - 1.151_461_03e-1
        polynomial = polynomial * f + 1.167_699_87e-1
        polynomial = polynomial * f - 1.242_014_08e-1
        polynomial = polynomial * f + 1.424_932_28e-1
        polynomial = polynomial * f - 1.666_805_77e-1
        polynomial = polynomial * f + 2.000_071_48e-1
        polynomial = polynomial * f - 2.499_999_4e-1
        polynomial = polynomial * f + 3.333_333_12e-1
        let square = f * f
        let tail = f * square * polynomial - exponent * 2.121_944_4e-4 - square * 0.5
        return f + tail + exponent * 0.693_359_375
    }

    /// ln(x) for `x > 0` in double precision, without a mathematics library, so that a seed means
    /// the same on every platform.
    package static func log(_ x: Double) -> Double {
        precondition(x > 0 && x.isFinite)
        var exponent = x.exponent
        var mantissa = x.significand
        if mantissa > 1.414_213_562_373_095_1 {
            mantissa /= 2
            exponent += 1
        }
        let s = (mantissa - 1) / (mantissa + 1)
        let square = s * s
        var term = s
        var sum = 0.0
        // |s| < 0.172, so the 12th term is below 1e-18.
        for divisor in stride(from: 1.0, through: 23.0, by: 2.0) {
            sum += term / divisor
            term *= square
        }
        return 2 * sum + Double(exponent) * 0.693_147_180_559_945_3
    }
}

extension UnsafeBufferPointer<Float> {
    /// Sixteen entries from `index`, with `fill` past the end, also wholly past it.
    @inline(__always)
    func lanes(at index: Int, fill: Float) -> Lanes {
        if index + 16 <= count, let base = baseAddress {
            return UnsafeRawPointer(base + index).loadUnaligned(as: Lanes.self)
        }
        var lanes = Lanes(repeating: fill)
        for lane in 0..<Swift.max(0, count - index) { lanes[lane] = self[index + lane] }
        return lanes
    }
}

extension UnsafeMutableBufferPointer<Float> {
    /// Stores sixteen entries at `index`, leaving out those past the end.
    @inline(__always)
    func store(_ lanes: Lanes, at index: Int) {
        if index + 16 <= count, let base = baseAddress {
            UnsafeMutableRawPointer(base + index).storeBytes(of: lanes, as: Lanes.self)
            return
        }
        for lane in 0..<(count - index) { self[index + lane] = lanes[lane] }
    }
}
