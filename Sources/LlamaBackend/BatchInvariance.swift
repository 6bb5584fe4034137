public import GGUF

/// Whether a row's logits have the same bits whatever else is in the forward, and what that takes
/// in llama.cpp. Without it exact modes are exact up to ties that rounding breaks differently.
///
/// Measured on x86-64 with the llama.cpp that this project builds: with flash attention, a Q8_0
/// cache and no tiled matrix products, Q4_0, Q4_1, Q5_0 and Q8_0 are invariant, and K-quants are
/// without repacked weights. F16 and BF16 are not: a forward of one row takes another kernel.
public enum BatchInvariance: Sendable, Equatable {
    /// Bit-identical.
    case guaranteed
    /// Not known to be, for this reason.
    case unknown(reason: String)

    /// What can be had for a file under these options.
    public static func of(
        _ files: GGUFModelFiles, under options: LlamaOptions
    ) -> BatchInvariance {
        guard options.isBatchInvariant else { return .unknown(reason: "switched off for speed") }
        #if !arch(x86_64)
            return .unknown(reason: "not measured on this kind of CPU")
        #endif
        guard LlamaRuntime.version == measuredVersion else {
            return .unknown(reason: "not measured for llama.cpp \(LlamaRuntime.version)")
        }
        guard !options.usesGPU else { return .unknown(reason: "layers run on a GPU") }
        guard options.workers.isEmpty else { return .unknown(reason: "layers run on workers") }
        let attention = ModelDescription(files).attention
        // Q8_0 has blocks of 32, and a head's row must be whole blocks.
        for length in [attention.keyLength, attention.valueLength] {
            guard let length, length.isMultiple(of: 32) else {
                return .unknown(
                    reason: "heads of \(length.map(String.init) ?? "unknown") elements cannot have "
                        + "a Q8_0 cache")
            }
        }
        let unproven = Set(matrixTypes(files.tensors)).subtracting(proven).sorted()
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

    private static let measuredVersion = "0.5.0-dev"

    private static let proven: Set<String> = [
        "Q4_0", "Q4_1", "Q5_0", "Q8_0", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K",
    ]

    private static func matrixTypes(_ tensors: [TensorInfo]) -> [String] {
        tensors.filter { $0.dimensions.count > 1 }.map(\.type.name)
    }
}
