internal import PyramidDecoding

/// The same sampling in llama.cpp's words.
struct LlamaSampling: Sendable, Codable, Equatable {
    /// The steps, in this package's order; the others are off.
    var samplers: [String]
    var temperature: Float
    var topK: Int
    var topP: Float
    var minP: Float
    var seed: UInt32

    init(_ sampling: Sampling) {
        temperature = sampling.temperature
        // Greedily one candidate is all that is needed, and llama.cpp is quickest with one.
        topK = sampling.isGreedy ? 1 : sampling.topK
        samplers =
            sampling.isGreedy
            ? ["top_k", "temperature"] : ["top_k", "top_p", "min_p", "temperature"]
        topP = sampling.topP
        minP = sampling.minP
        // Its seeds have 32 bits, and all ones mean "any".
        seed = UInt32(sampling.seed % UInt64(UInt32.max))
    }
}
