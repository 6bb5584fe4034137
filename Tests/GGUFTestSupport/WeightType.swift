/// The types of weights that tests write and read, with the blocks that GGUF defines for them.
package enum WeightType: String, Sendable, CaseIterable, CustomStringConvertible {
    case f32 = "F32"
    case f16 = "F16"
    case bf16 = "BF16"
    case q80 = "Q8_0"
    case q40 = "Q4_0"
    case q41 = "Q4_1"
    case q50 = "Q5_0"
    case q51 = "Q5_1"
    case q4K = "Q4_K"
    case q5K = "Q5_K"
    case q6K = "Q6_K"

    package var description: String { rawValue }

    /// The number in a file.
    package var number: UInt32 {
        switch self {
        case .f32: 0
        case .f16: 1
        case .q40: 2
        case .q41: 3
        case .q50: 6
        case .q51: 7
        case .q80: 8
        case .q4K: 12
        case .q5K: 13
        case .q6K: 14
        case .bf16: 30
        }
    }

    /// The weights of a block.
    package var blockSize: Int {
        switch self {
        case .f32, .f16, .bf16: 1
        case .q80, .q40, .q41, .q50, .q51: 32
        case .q4K, .q5K, .q6K: 256
        }
    }

    /// The bytes of a block.
    package var blockBytes: Int {
        switch self {
        case .f32: 4
        case .f16, .bf16: 2
        case .q80: 34
        case .q40: 18
        case .q41: 20
        case .q50: 22
        case .q51: 24
        case .q4K: 144
        case .q5K: 176
        case .q6K: 210
        }
    }
}
