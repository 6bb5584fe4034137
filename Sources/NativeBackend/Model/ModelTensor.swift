/// The tensors of a model that belong to no layer, by their names in the file.
package enum ModelTensor: String, Sendable, CaseIterable {
    case tokenEmbedding = "token_embd.weight"
    case outputNorm = "output_norm.weight"
    /// Missing where the head is tied.
    case output = "output.weight"
    /// What rotation frequencies are divided by; only Llama 3.1 and its successors have them.
    case ropeFactors = "rope_freqs.weight"
}
