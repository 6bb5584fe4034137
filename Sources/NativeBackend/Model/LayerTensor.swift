/// The tensors of a layer, by the ends of their names in the file.
package enum LayerTensor: String, Sendable, CaseIterable {
    case attentionNorm = "attn_norm.weight"
    case query = "attn_q.weight"
    case key = "attn_k.weight"
    case value = "attn_v.weight"
    case queryBias = "attn_q.bias"
    case keyBias = "attn_k.bias"
    case valueBias = "attn_v.bias"
    case queryNorm = "attn_q_norm.weight"
    case keyNorm = "attn_k_norm.weight"
    case attentionOutput = "attn_output.weight"
    case attentionOutputBias = "attn_output.bias"
    case feedForwardNorm = "ffn_norm.weight"
    case gate = "ffn_gate.weight"
    case up = "ffn_up.weight"
    case down = "ffn_down.weight"

    /// The tensor's name in layer `layer`, from 0.
    package func name(layer: Int) -> String { "blk.\(layer).\(rawValue)" }
}
