/// How a tensor's numbers are stored: in blocks of `blockSize` elements and `bytesPerBlock` bytes.
public struct TensorType: Sendable, Hashable, CustomStringConvertible {
    /// The type's number in GGUF files.
    public let id: UInt32
    /// The name that people use, such as `Q4_K`.
    public let name: String
    /// The elements in one block, at least 1; a tensor's first dimension is a multiple of it.
    public let blockSize: Int
    /// The bytes of one block, at least 1.
    public let bytesPerBlock: Int

    /// The bits that one element takes, scales included.
    public var bitsPerElement: Double { Double(bytesPerBlock * 8) / Double(blockSize) }

    /// The same as ``name``.
    public var description: String { name }

    private init(_ id: UInt32, _ name: String, _ blockSize: Int, _ bytesPerBlock: Int) {
        self.id = id
        self.name = name
        self.blockSize = blockSize
        self.bytesPerBlock = bytesPerBlock
    }

    /// The type with this number, or `nil` when there is none or it was removed from the format.
    public init?(id: UInt32) {
        guard let type = Self.byID[id] else { return nil }
        self = type
    }

    /// The type with this name, upper or lower case, or `nil` when there is none.
    public init?(named name: String) {
        let wanted = name.lowercased()
        guard let type = Self.all.first(where: { $0.name.lowercased() == wanted }) else {
            return nil
        }
        self = type
    }

    /// The types that were removed from the format, and what to use in their place.
    static let removed: [UInt32: String] = [
        4: "Q4_2 (removed in 2023; take a Q4_K file)",
        5: "Q4_3 (removed in 2023; take a Q4_K file)",
        31: "Q4_0_4_4 (take a Q4_0 file, which is repacked when it is loaded)",
        32: "Q4_0_4_8 (take a Q4_0 file, which is repacked when it is loaded)",
        33: "Q4_0_8_8 (take a Q4_0 file, which is repacked when it is loaded)",
        36: "IQ4_NL_4_4 (take an IQ4_NL file, which is repacked when it is loaded)",
        37: "IQ4_NL_4_8 (take an IQ4_NL file, which is repacked when it is loaded)",
        38: "IQ4_NL_8_8 (take an IQ4_NL file, which is repacked when it is loaded)",
    ]

    private static let byID = Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })

    /// Every type that GGUF files may have, by ascending number.
    public static let all: [TensorType] = [
        TensorType(0, "F32", 1, 4),
        TensorType(1, "F16", 1, 2),
        TensorType(2, "Q4_0", 32, 18),
        TensorType(3, "Q4_1", 32, 20),
        TensorType(6, "Q5_0", 32, 22),
        TensorType(7, "Q5_1", 32, 24),
        TensorType(8, "Q8_0", 32, 34),
        TensorType(9, "Q8_1", 32, 36),
        TensorType(10, "Q2_K", 256, 84),
        TensorType(11, "Q3_K", 256, 110),
        TensorType(12, "Q4_K", 256, 144),
        TensorType(13, "Q5_K", 256, 176),
        TensorType(14, "Q6_K", 256, 210),
        TensorType(15, "Q8_K", 256, 292),
        TensorType(16, "IQ2_XXS", 256, 66),
        TensorType(17, "IQ2_XS", 256, 74),
        TensorType(18, "IQ3_XXS", 256, 98),
        TensorType(19, "IQ1_S", 256, 50),
        TensorType(20, "IQ4_NL", 32, 18),
        TensorType(21, "IQ3_S", 256, 110),
        TensorType(22, "IQ2_S", 256, 82),
        TensorType(23, "IQ4_XS", 256, 136),
        TensorType(24, "I8", 1, 1),
        TensorType(25, "I16", 1, 2),
        TensorType(26, "I32", 1, 4),
        TensorType(27, "I64", 1, 8),
        TensorType(28, "F64", 1, 8),
        TensorType(29, "IQ1_M", 256, 56),
        TensorType(30, "BF16", 1, 2),
        TensorType(34, "TQ1_0", 256, 54),
        TensorType(35, "TQ2_0", 256, 66),
        TensorType(39, "MXFP4", 32, 17),
        TensorType(40, "NVFP4", 64, 36),
        TensorType(41, "Q1_0", 128, 18),
        TensorType(42, "Q2_0", 64, 18),
    ]
}
