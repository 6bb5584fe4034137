/// What a model keeps of the tokens it has seen, as far as its metadata tells.
///
/// Rejected draft tokens can be dropped from a KV cache; a recurrent state has to be restored from
/// a copy instead.
public enum SequenceMemory: String, Sendable, CaseIterable {
    /// Every layer keeps keys and values only.
    case keyValueCache
    /// Some layers keep keys and values, and some a recurrent state.
    case hybrid
    /// Every layer keeps a recurrent state only.
    case recurrent

    init(_ scope: ArchitectureScope, architecture: String?, attention: AttentionDescription) {
        let markers = [
            "ssm.", "wkv.", "shortconv.", "kda.", "token_shift_count",
            "attention.recurrent_layers", "full_attention_interval",
        ]
        let families = ["mamba", "rwkv", "arwkv"]
        let isRecurrent = families.contains { architecture?.hasPrefix($0) ?? false }
        guard isRecurrent || markers.contains(where: scope.hasKey) else {
            self = .keyValueCache
            return
        }
        let attends = attention.keyValueHeadCounts.contains { $0 > 0 }
        self = attends && !isRecurrent ? .hybrid : .recurrent
    }
}
