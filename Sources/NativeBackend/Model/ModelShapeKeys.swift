import GGUF

/// The metadata keys that start with an architecture's name, such as `llama.block_count`, read
/// without guesses: a value of another type or range is an error.
struct ModelShapeKeys {
    private let metadata: GGUFMetadata
    private let prefix: String

    init(_ metadata: GGUFMetadata, architecture: ModelShape.Architecture) {
        self.metadata = metadata
        prefix = architecture.rawValue + "."
    }

    // The keys whose values ModelShape and the functions below read.
    private static let read: Set = [
        "block_count", "embedding_length", "context_length", "feed_forward_length",
        "attention.head_count", "attention.head_count_kv", "attention.key_length",
        "attention.value_length", "attention.layer_norm_rms_epsilon", "attention.causal",
        "rope.dimension_count", "rope.freq_base", "rope.scaling.type", "rope.scaling.factor",
        "rope.scale_linear", "rope.scaling.attn_factor",
    ]

    // Keys that change nothing: llama.cpp takes the vocabulary's size from the tokens, and the
    // original context matters to yarn and longrope only, which are refused.
    private static let harmless: Set = [
        "vocab_size", "tensor_data_layout", "rope.scaling.original_context_length",
        "rope.scaling.finetuned",
    ]

    /// Checks that the file asks for nothing that is not read here, such as experts, sliding
    /// windows, scales, soft caps or pooling: what is not known is refused, not left out. A key
    /// that is 0 or false asks for nothing.
    func checkNothingElse() throws(NativeError) {
        for entry in metadata.entries where mayChangeForward(entry.key) {
            guard entry.value.numberValue != 0, entry.value.booleanValue != false else { continue }
            throw NativeError(
                .unsupported,
                "\(entry.key.shown) is \(entry.value.shown), which is not computed natively")
        }
        guard metadata[prefix + "attention.causal"].map({ $0.booleanValue == true }) ?? true else {
            throw NativeError(.unsupported, "\(prefix)attention.causal is not true")
        }
        let attentionFactor = try number("rope.scaling.attn_factor", default: 1)
        guard attentionFactor == 1 else {
            throw NativeError(
                .unsupported,
                "\(prefix)rope.scaling.attn_factor is \(attentionFactor), not 1")
        }
    }

    private func mayChangeForward(_ key: String) -> Bool {
        // These choose the precision of single products.
        if key.hasPrefix("general.tensor_extra.") { return true }
        guard key.hasPrefix(prefix) else { return false }
        let ending = String(key.dropFirst(prefix.count))
        return !Self.read.contains(ending) && !Self.harmless.contains(ending)
    }

    /// The integer at `key`, at least 1.
    func integer(
        _ key: String, default absent: Int? = nil, atMost limit: Int
    ) throws(NativeError) -> Int {
        try checked(metadata[prefix + key], key, default: absent, atMost: limit)
    }

    /// The integer at `key`, at least 1, or the one that an array of `count` repeats.
    func integer(
        _ key: String, inEachOf count: Int, default absent: Int? = nil, atMost limit: Int
    ) throws(NativeError) -> Int {
        guard let array = metadata.array(prefix + key) else {
            return try integer(key, default: absent, atMost: limit)
        }
        let values = Array(array.prefix(count))
        guard array.count == count, let first = values.first else {
            throw NativeError(
                .modelNotLoaded, "\(prefix)\(key) has \(array.count) values for \(count) layers")
        }
        guard values.allSatisfy({ $0 == first }) else {
            throw NativeError(.unsupported, "\(prefix)\(key) differs between layers")
        }
        return try checked(first, key, default: nil, atMost: limit)
    }

    /// The number at `key`, above 0 and finite.
    func number(_ key: String, default absent: Float? = nil) throws(NativeError) -> Float {
        guard let value = metadata[prefix + key] else {
            guard let absent else { throw missing(key) }
            return absent
        }
        guard let number = value.numberValue.map({ Float($0) }), number > 0, number.isFinite else {
            throw NativeError(
                .modelNotLoaded, "\(prefix)\(key) is \(value.shown), not a number above 0")
        }
        return number
    }

    /// The elements of a head, of which `whole` fit the embedding.
    func headSize(whole: Int) throws(NativeError) -> Int {
        let size = try integer("attention.key_length", default: whole, atMost: 1 << 16)
        let others = [
            ("attention.value_length", whole), ("rope.dimension_count", size),
        ]
        for (key, absent) in others {
            let other = try integer(key, default: absent, atMost: 1 << 16)
            guard other == size else {
                throw NativeError(
                    .unsupported, "\(prefix)\(key) is \(other), but keys have \(size) elements")
            }
        }
        guard size.isMultiple(of: 16), (16...256).contains(size) else {
            throw NativeError(
                .unsupported,
                "heads have \(size) elements; multiples of 16 up to 256 are computed")
        }
        return size
    }

    /// What positions are multiplied by. As in llama.cpp the scaling is linear unless the file
    /// says otherwise, and `scale_linear` is the factor's older name.
    func ropeFrequencyScale() throws(NativeError) -> Float {
        let type = metadata[prefix + "rope.scaling.type"]
        let factorKey = "rope.scaling.factor"
        let key = metadata[prefix + factorKey] == nil ? "rope.scale_linear" : factorKey
        switch type.map({ $0.textValue ?? $0.shown }) ?? "linear" {
        case "none":
            return 1
        case "linear":
            // 0 stands for no scaling.
            let isAbsent = metadata.number(prefix + key) == 0
            let scale = isAbsent ? 1 : 1 / (try number(key, default: 1))
            guard scale > 0, scale.isFinite else {
                throw NativeError(.modelNotLoaded, "\(prefix)\(key) is out of range")
            }
            return scale
        default:
            throw NativeError(
                .unsupported,
                "\(prefix)rope.scaling.type is \(type?.shown ?? ""), not \"none\" or \"linear\"")
        }
    }

    private func checked(
        _ value: GGUFValue?, _ key: String, default absent: Int?, atMost limit: Int
    ) throws(NativeError) -> Int {
        guard let value else {
            guard let absent, absent > 0 else { throw missing(key) }
            return absent
        }
        guard let number = value.integerValue, number > 0 else {
            throw NativeError(
                .modelNotLoaded, "\(prefix)\(key) is \(value.shown), not an integer above 0")
        }
        guard number <= limit else {
            throw NativeError(
                .unsupported, "\(prefix)\(key) is \(number); at most \(limit) is computed")
        }
        return number
    }

    private func missing(_ key: String) -> NativeError {
        NativeError(.modelNotLoaded, "\(prefix)\(key) is missing")
    }
}
