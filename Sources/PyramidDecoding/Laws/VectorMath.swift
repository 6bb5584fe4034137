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

    /// e^x for `x <= 88`; 0 below -87, where the result would be subnormal.
    ///
    /// The relative error is 2e-7 near 0 and grows by 1e-7 |x|, as the rounding of x itself does.
    @inline(__always)
    package static func exp(_ x: Lanes) -> Lanes {
        let isTiny = x .< -87
        let power = x.replacing(with: -87, where: isTiny) * 1.442_695_04
        let shifted = power + roundingConstant
        let f = power - (shifted - roundingConstant)
        // 2^f on [-1/2, 1/2], minimax, 1 at 0.
        var mantissa = f * 1.326_472_73e-3 + 9.671_512_99e-3
        mantissa = mantissa * f + 5.550_733_58e-2
        mantissa = mantissa * f + 2.402_224_24e-1
        mantissa = mantissa * f + 6.931_470_04e-1
        mantissa = mantissa * f + 1
        let bits = unsafeBitCast(shifted, to: SIMD16<UInt32>.self)
        let scale = unsafeBitCast((bits &+ 127) &<< 23, to: Lanes.self)
        return (mantissa * scale).replacing(with: 0, where: isTiny)
    }

    /// ln(x) for normal `x > 0`; for 0 a finite value below -87. The error is 1e-7 near 1 and
    /// else 2e-7 of the value.
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
        // ln(1 + f) / f, minimax.
        var quotient = f * -1.010_223_70e-1 + 1.641_999_04e-1
        quotient = quotient * f - 1.733_346_58e-1
        quotient = quotient * f + 1.987_304_69e-1
        quotient = quotient * f - 2.495_934_37e-1
        quotient = quotient * f + 3.333_618_34e-1
        quotient = quotient * f - 5.000_066_76e-1
        quotient = quotient * f + 9.999_998_21e-1
        return quotient * f + exponent * 0.693_147_181
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
