import Foundation

/// IEEE half floats, converted without the hardware's help.
package enum HalfFloat {
    /// The value of a half float's bits.
    package static func value(_ bits: UInt16) -> Double {
        let mantissa = Double(bits & 0x3FF)
        let magnitude =
            switch Int(bits >> 10 & 31) {
            case 0: scalbn(mantissa, -24)
            case 31: mantissa == 0 ? Double.infinity : .nan
            case let exponent: scalbn(1 + mantissa / 1024, exponent - 15)
            }
        return bits & 0x8000 == 0 ? magnitude : -magnitude
    }

    /// The bits of the nearest half float, ties to even.
    package static func bits(_ value: Double) -> UInt16 {
        let sign: UInt16 = value.sign == .minus ? 0x8000 : 0
        guard value.isFinite else { return sign | (value.isNaN ? 0x7E00 : 0x7C00) }
        // What is subnormal has the spacing of the smallest normal numbers.
        let exponent = value == 0 ? -14 : max(-14, Int(value.exponent))
        let steps = scalbn(value.magnitude, 10 - exponent).rounded(.toNearestOrEven)
        // A carry of the mantissa moves into the exponent, and from the largest one to infinity.
        let bits = Double(exponent + 14) * 1024 + steps
        return sign | (bits < 0x7C00 ? UInt16(bits) : 0x7C00)
    }

    /// The nearest half float.
    package static func rounded(_ value: Double) -> Double { Self.value(bits(value)) }
}
