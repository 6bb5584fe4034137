public import GGUF

/// What the levels of a pyramid will need, estimated before anything is loaded.
public struct MemoryPlan: Sendable, Codable, Equatable {
    /// One level's part.
    public struct Level: Sendable, Codable, Equatable {
        /// The file's path.
        public var path: String
        /// Bytes of weights; 0 when an earlier level has the same file.
        public var weightBytes: Int
        /// Bytes of the KV cache.
        public var cacheBytes: Int
        /// Bytes for logits and for what a forward computes with.
        public var workBytes: Int

        /// All together, bytes.
        public var totalBytes: Int { weightBytes + cacheBytes + workBytes }
    }

    /// The levels that have a file, bottom first.
    public var levels: [Level] = []
    /// Bytes that the system has left; `nil` where it does not tell.
    public var availableBytes: Int?

    /// All together, bytes.
    public var totalBytes: Int { levels.reduce(0) { $0 + $1.totalBytes } }

    /// A plan for levels of these files, bottom first.
    public init(_ files: [GGUFModelFiles], options: LlamaOptions) {
        availableBytes = SystemMemory.availableBytes
        for file in files {
            let model = ModelDescription(file)
            let isShared = levels.contains { $0.path == file.path }
            levels.append(
                Level(
                    path: file.path, weightBytes: isShared ? 0 : model.tensorByteCount,
                    cacheBytes: Self.cacheBytes(model, file, options),
                    workBytes: Self.workBytes(model, file, options)))
        }
    }

    /// - Throws: ``LlamaError`` when the levels do not fit, with every level's part.
    public func validate() throws(LlamaError) {
        guard let availableBytes, totalBytes > availableBytes else { return }
        throw LlamaError(
            .notEnoughMemory,
            "the levels need \(Self.text(totalBytes)) and \(Self.text(availableBytes)) are "
                + "available; use a smaller context (-c), smaller quantizations or fewer levels. "
                + "A file that asks for far more than its size is damaged.\n"
                + report)
    }

    /// One line for each level with its parts, and one for all together.
    public var report: String {
        let parts = levels.map {
            "\($0.path): weights \(Self.text($0.weightBytes)), KV cache "
                + "\(Self.text($0.cacheBytes)), work \(Self.text($0.workBytes))"
        }
        let available = availableBytes.map { " of \(Self.text($0)) available" } ?? ""
        return (parts + ["memory: about \(Self.text(totalBytes))\(available)"])
            .joined(separator: "\n")
    }

    /// A number of bytes for people, such as `1.52 GB`.
    public static func text(_ bytes: Int) -> String {
        let units = ["kB", "MB", "GB", "TB"]
        var value = Double(bytes) / 1000
        var unit = 0
        while value >= 1000, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        let hundredths = Int((value * 100).rounded())
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) \(units[unit])"
    }

    private static func cacheBytes(
        _ model: ModelDescription, _ file: GGUFModelFiles, _ options: LlamaOptions
    ) -> Int {
        let context = options.contextSize(trained: model.contextLength ?? 4096)
        let elements = product(
            model.attention.keyValueElementsPerToken ?? 0, context, options.sequenceCapacity)
        // Q8_0 has 34 bytes for 32 elements; F16, the default elsewhere, has 2 for one.
        let isQ8 = BatchInvariance.of(file, under: options) == .guaranteed
        return isQ8 ? elements / 32 * 34 : product(elements, 2, 1)
    }

    private static func workBytes(
        _ model: ModelDescription, _ file: GGUFModelFiles, _ options: LlamaOptions
    ) -> Int {
        let vocabulary = file.tensor(named: "token_embd.weight")?.dimensions.last ?? 0
        let logits = product(vocabulary, 4, 2 * max(options.rowCapacity, options.sequenceCapacity))
        // A few activations of several times the embedding's width per token of a batch.
        let activations = product(model.embeddingLength ?? 0, options.batchSize, 4 * 16)
        return logits + activations
    }

    /// A product that saturates: a damaged file must not make it overflow.
    private static func product(_ a: Int, _ b: Int, _ c: Int) -> Int {
        let first = a.multipliedReportingOverflow(by: b)
        let second = first.partialValue.multipliedReportingOverflow(by: c)
        return first.overflow || second.overflow ? Int.max / 16 : second.partialValue
    }
}
