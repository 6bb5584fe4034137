public import PyramidDecoding

/// A short name for a text's tokens.
public enum TextHash {
    /// FNV-1a, 64 bits, over the tokens' little-endian bytes, as 16 hexadecimal digits.
    public static func of(_ tokens: some Sequence<TokenID>) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for token in tokens {
            for shift in stride(from: 0, to: TokenID.bitWidth, by: 8) {
                hash ^= UInt64(UInt8(truncatingIfNeeded: token >> TokenID(shift)))
                hash &*= 0x100_0000_01B3
            }
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
