public import GGUF

/// Whether a row's logits have the same bits whatever else is in the forward, and what that takes
/// in llama.cpp. Without it exact modes are exact up to ties that rounding breaks differently.
///
/// Measured on x86-64 with flash attention and a Q8_0 cache: invariant for Q4_0, Q4_1, Q5_0 and
/// Q8_0, for K-quants without repacked weights, and for F16 and BF16 from two rows on; in all
/// cases without ggml's tiled matrix product.
public enum BatchInvariance: Sendable, Equatable {
    /// Bit-identical.
    case guaranteed
    /// Not known to be, for this reason.
    case unknown(reason: String)

    /// What the weights of a file, on the CPU, allow.
    public static func ofWeights(_ tensors: [TensorInfo]) -> BatchInvariance {
        let unproven = Set(matrixTypes(tensors)).subtracting(proven).sorted()
        guard unproven.isEmpty else {
            return .unknown(
                reason: "not measured for weights of type \(unproven.joined(separator: ", "))")
        }
        return .guaranteed
    }

    /// Whether weights must stay as they are in the file, because the repacked kernels of these
    /// types are not invariant.
    static func needsPlainWeights(_ tensors: [TensorInfo]) -> Bool {
        matrixTypes(tensors).contains { $0.hasSuffix("_K") }
    }

    /// Whether a forward of a single row goes another way than one of two.
    static func needsTwoRows(_ tensors: [TensorInfo]) -> Bool {
        matrixTypes(tensors).contains { ["F16", "BF16", "F32"].contains($0) }
    }

    private static let proven: Set<String> = [
        "F32", "F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q8_0", "Q2_K", "Q3_K", "Q4_K", "Q5_K",
        "Q6_K",
    ]

    private static func matrixTypes(_ tensors: [TensorInfo]) -> [String] {
        tensors.filter { $0.dimensions.count > 1 }.map(\.type.name)
    }
}
