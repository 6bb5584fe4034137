/// The shape of a model's attention layers, as its metadata gives it.
public struct AttentionDescription: Sendable, Hashable {
    /// The query heads of the first layer, or `nil` when not stated.
    public let headCount: Int?
    /// The key-value heads of every layer, 0 for a layer without a KV cache; empty when the file
    /// does not state enough to tell.
    public let keyValueHeadCounts: [Int]
    /// The elements of one key head, or `nil` when neither stated nor implied.
    public let keyLength: Int?
    /// The elements of one value head, or `nil` when neither stated nor implied.
    public let valueLength: Int?
    /// The tokens that a sliding-window layer looks back on, or `nil` when no layer does.
    public let slidingWindow: Int?
    /// The elements that one token adds to the KV cache, summed over the layers: KV heads times
    /// key and value length. Times the bytes per element and the context length, that is the KV
    /// cache's size in bytes; layers with a sliding window may keep less.
    ///
    /// `nil` when the file does not state enough to tell.
    public let keyValueElementsPerToken: Int?

    /// Reads the attention keys of `scope`, for a model with `embeddingLength` and `blockCount`.
    init(_ scope: ArchitectureScope, embeddingLength: Int?, blockCount: Int?) {
        let headCount = scope.integers("attention.head_count").first
        let perHead = Self.quotient(embeddingLength, headCount)
        let keyLength = scope.integer("attention.key_length") ?? perHead
        let valueLength = scope.integer("attention.value_length") ?? perHead
        self.headCount = headCount
        self.keyLength = keyLength
        self.valueLength = valueLength
        slidingWindow = scope.integer("attention.sliding_window").flatMap { $0 > 0 ? $0 : nil }
        keyValueHeadCounts = Self.headCounts(scope, blockCount: blockCount)
        keyValueElementsPerToken = Self.elements(
            scope, heads: keyValueHeadCounts,
            whole: HeadLengths(key: keyLength, value: valueLength))
    }

    // A damaged block count must not make a long array; real models have below 1,000 blocks.
    private static let mostBlocks = 65_536

    private static func headCounts(_ scope: ArchitectureScope, blockCount: Int?) -> [Int] {
        guard let blockCount, (1...mostBlocks).contains(blockCount) else { return [] }
        var heads = scope.integers("attention.head_count_kv")
        if heads.isEmpty { heads = scope.integers("attention.head_count") }
        guard let first = heads.first, heads.allSatisfy({ $0 >= 0 }) else { return [] }
        if heads.count == 1 { heads = Array(repeating: first, count: blockCount) }
        guard heads.count >= blockCount else { return [] }
        let ownCaches = blockCount - (scope.integer("attention.shared_kv_layers") ?? 0)
        let interval = scope.integer("full_attention_interval") ?? 0
        let recurrent = scope.flags("attention.recurrent_layers")
        return heads.prefix(blockCount).enumerated().map { layer, count in
            let isRecurrent =
                layer < recurrent.count
                ? recurrent[layer] : interval > 0 && (layer + 1) % interval != 0
            return isRecurrent || layer >= ownCaches ? 0 : count
        }
    }

    private static func elements(
        _ scope: ArchitectureScope, heads: [Int], whole: HeadLengths
    ) -> Int? {
        // Multi-head latent attention computes the values from the cached keys.
        let isLatent =
            (scope.integer("attention.key_length_mla") ?? 0) > 0
            && (scope.integer("attention.value_length_mla") ?? 0) > 0
        let sliding = HeadLengths(
            key: scope.integer("attention.key_length_swa") ?? whole.key,
            value: scope.integer("attention.value_length_swa") ?? whole.value)
        let slides = scope.flags("attention.sliding_window_pattern")
        guard !heads.isEmpty, let wholeSum = whole.sum(keysOnly: isLatent),
            let slidingSum = sliding.sum(keysOnly: isLatent)
        else { return nil }
        var total = 0
        for (layer, count) in heads.enumerated() {
            let length = layer < slides.count && slides[layer] ? slidingSum : wholeSum
            let product = count.multipliedReportingOverflow(by: length)
            let sum = total.addingReportingOverflow(product.partialValue)
            guard !product.overflow, !sum.overflow else { return nil }
            total = sum.partialValue
        }
        return total
    }

    private static func quotient(_ length: Int?, _ count: Int?) -> Int? {
        guard let length, let count, length > 0, count > 0 else { return nil }
        return length / count
    }
}

/// The elements of a key head and of a value head.
private struct HeadLengths {
    let key: Int?
    let value: Int?

    func sum(keysOnly: Bool) -> Int? {
        guard let key, let value = keysOnly ? 0 : value else { return nil }
        let sum = key.addingReportingOverflow(value)
        return sum.overflow ? nil : sum.partialValue
    }
}
