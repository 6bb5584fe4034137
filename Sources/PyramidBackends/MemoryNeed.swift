internal import GGUF
internal import LlamaBackend
internal import NativeBackend

/// What one level needs, estimated from its file's header.
struct MemoryNeed {
    let weightBytes: Int
    let cacheBytes: Int
    let workBytes: Int

    init(_ selection: BackendSelection, _ options: ModelOptions) {
        let model = ModelDescription(selection.files)
        let vocabulary =
            selection.files.tensor(named: "token_embd.weight")?.dimensions.last ?? 0
        let context = options.llama().contextSize(trained: model.contextLength ?? 4096)
        let cacheElements = Self.product(
            model.attention.keyValueElementsPerToken ?? 0, context, options.sequenceCapacity)
        let width = model.embeddingLength ?? 0
        switch selection.backend {
        case .llama where !selection.workers.isEmpty && options.gpuLayers == 0:
            // The workers hold the layers; tokens are looked up here, and rows come back.
            weightBytes =
                selection.files.tensor(named: "token_embd.weight").map { Int($0.byteCount) } ?? 0
            cacheBytes = 0
            workBytes = Self.product(
                vocabulary, 4, 2 * max(options.rowCapacity, options.sequenceCapacity))
        case .llama:
            weightBytes = model.tensorByteCount
            // Q8_0 has 34 bytes for 32 elements; F16, the default elsewhere, has 2 for one.
            let isQ8 =
                BatchInvariance.of(selection.files, under: options.llama()) == .guaranteed
            cacheBytes = isQ8 ? cacheElements / 32 * 34 : Self.product(cacheElements, 2, 1)
            let rows = max(options.rowCapacity, options.sequenceCapacity)
            // A few activations of several times the embedding's width per token of a batch.
            workBytes =
                Self.product(vocabulary, 4, 2 * rows)
                + Self.product(width, options.batchSize, 4 * 16)
        case .native:
            // Repacking pads some rows and blocks.
            weightBytes = Self.product(model.tensorByteCount / 20, 21, 1)
            cacheBytes = Self.product(cacheElements, 2, 1)
            // Rows of logits, activations, the table of rotations, and scores of each thread.
            workBytes =
                Self.product(vocabulary, 4, max(options.rowCapacity, options.sequenceCapacity))
                + Self.product(width, 4 * 16, NativeLevel.mostRows)
                + Self.product(context, 4, (model.attention.keyLength ?? 0) + 8 * options.threads)
        }
    }

    /// A product that saturates: a damaged file must not make it overflow.
    private static func product(_ a: Int, _ b: Int, _ c: Int) -> Int {
        let first = a.multipliedReportingOverflow(by: b)
        let second = first.partialValue.multipliedReportingOverflow(by: c)
        return first.overflow || second.overflow ? Int.max / 16 : second.partialValue
    }
}
