extension WeightType {
    /// What the bytes of whole blocks stand for, by the definitions of ggml.
    package func values(of bytes: [UInt8]) -> [Double] {
        var values: [Double] = []
        values.reserveCapacity(bytes.count / blockBytes * blockSize)
        bytes.withUnsafeBufferPointer { bytes in
            for start in stride(from: 0, to: bytes.count, by: blockBytes) {
                let block = Block(rebasing: bytes[start..<start + blockBytes])
                switch blockSize {
                case 1: values.append(float(block))
                case 32: values += (0..<32).lazy.map { short(block, $0) }
                default: values += (0..<256).lazy.map { long(block, $0) }
                }
            }
        }
        return values
    }

    private typealias Block = UnsafeBufferPointer<UInt8>

    private func float(_ b: Block) -> Double {
        switch self {
        case .f32: Double(Float(bitPattern: UInt32(b.word(0)) | UInt32(b.word(2)) << 16))
        case .bf16: Double(Float(bitPattern: UInt32(b.word(0)) << 16))
        default: HalfFloat.value(b.word(0))
        }
    }

    /// A weight, `0 ..< 32`, of a block with one scale and perhaps a minimum.
    private func short(_ b: Block, _ index: Int) -> Double {
        let scale = b.half(0)
        if self == .q80 { return scale * Double(Int8(bitPattern: b[2 + index])) }
        let hasMinimum = self == .q41 || self == .q51
        let hasFifthBit = self == .q50 || self == .q51
        let highStart = hasMinimum ? 4 : 2
        let lowStart = highStart + (hasFifthBit ? 4 : 0)
        var weight = Int(b[lowStart + index % 16] >> (index < 16 ? 0 : 4) & 15)
        if hasFifthBit { weight += Int(b[highStart + index / 8] >> (index % 8) & 1) * 16 }
        let offset = hasMinimum ? 0 : hasFifthBit ? 16 : 8
        return scale * Double(weight - offset) + (hasMinimum ? b.half(2) : 0)
    }

    /// A weight, `0 ..< 256`, of a block whose parts have scales of their own.
    private func long(_ b: Block, _ index: Int) -> Double {
        self == .q6K ? sixBits(b, index) : fourOrFiveBits(b, index)
    }

    private func fourOrFiveBits(_ b: Block, _ index: Int) -> Double {
        let lowStart = self == .q5K ? 48 : 16
        let part = index / 32
        let low = b[lowStart + part / 2 * 32 + index % 32] >> (part % 2 == 0 ? 0 : 4) & 15
        let high = self == .q5K ? b[16 + index % 32] >> part & 1 : 0
        let (scale, minimum) = Self.partScales(b, part)
        return b.half(0) * Double(scale * (Int(low) + Int(high) * 16))
            - b.half(2) * Double(minimum)
    }

    private func sixBits(_ b: Block, _ index: Int) -> Double {
        let (half, quarter, place) = (index / 128, index % 128 / 32, index % 32)
        let low = b[half * 64 + quarter % 2 * 32 + place] >> (quarter < 2 ? 0 : 4) & 15
        let high = b[128 + half * 32 + place] >> (2 * quarter) & 3
        let scale = Int8(bitPattern: b[192 + index / 16])
        return b.half(208) * Double(Int(scale) * (Int(low) + Int(high) * 16 - 32))
    }

    /// Six bits each of the scale and the minimum of a part, `0 ..< 8`, out of the twelve bytes
    /// that start at the fourth.
    private static func partScales(_ b: Block, _ part: Int) -> (scale: Int, minimum: Int) {
        guard part >= 4 else { return (Int(b[4 + part] & 63), Int(b[8 + part] & 63)) }
        let both = Int(b[8 + part])
        return (both & 15 | Int(b[part] >> 6) << 4, both >> 4 | Int(b[4 + part] >> 6) << 4)
    }
}

extension UnsafeBufferPointer<UInt8> {
    fileprivate func word(_ offset: Int) -> UInt16 {
        UInt16(self[offset]) | UInt16(self[offset + 1]) << 8
    }

    fileprivate func half(_ offset: Int) -> Double { HalfFloat.value(word(offset)) }
}
