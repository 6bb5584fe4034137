import PyramidDecoding
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite("Elementary functions against the C library in double precision")
struct VectorMathTests {
    @Test("exp errs by 2e-7 near 0 and by 1e-7 |x| more further off; it is 0 below -87")
    func exponential() {
        for step in 0..<200_000 {
            let x = -Float(step) * 88 / 200_000
            let value = Double(VectorMath.exp(Lanes(repeating: x))[3])
            let exact = x < -87 ? 0 : exp(Double(x))
            let bound = (2.5e-7 - 1.2e-7 * Double(x)) * exact
            #expect(abs(value - exact) <= bound, "\(x)")
        }
        let ends = VectorMath.exp(Lanes(repeating: 0).replacing(with: -.infinity, where: .odd))
        #expect(ends[0] == 1)
        #expect(ends[1] == 0)
        #expect(VectorMath.exp(Lanes(repeating: .nan))[0].isNaN)
        #expect(abs(VectorMath.exp(Lanes(repeating: 87))[0] / Float(exp(87.0)) - 1) < 2e-5)
    }

    @Test("ln errs by 1e-7 near 1 and by 2e-7 of the value elsewhere, and is finite at 0")
    func logarithm() {
        var x = Float.leastNormalMagnitude
        while x < 1e30 {
            let value = Double(VectorMath.log(Lanes(repeating: x))[7])
            let exact = log(Double(x))
            #expect(abs(value - exact) <= 1.2e-7 + 2e-7 * abs(exact), "\(x)")
            x *= 1.000_37
        }
        let zero = VectorMath.log(Lanes(repeating: 0))[0]
        #expect(zero.isFinite && zero < -87)
    }

    @Test("ln in double precision errs by 4 units in the last place")
    func preciseLogarithm() {
        var x = Double.leastNormalMagnitude
        while x < 1e300 {
            let exact = log(x)
            #expect(abs(VectorMath.log(x) - exact) <= 4 * max(exact.ulp, 0x1p-54), "\(x)")
            x *= 1.017
        }
        #expect(VectorMath.log(1.0) == 0)
    }
}

extension SIMDMask where Storage == SIMD16<Int32> {
    fileprivate static var odd: Self {
        var mask = Self(repeating: false)
        for lane in stride(from: 1, to: 16, by: 2) { mask[lane] = true }
        return mask
    }
}
