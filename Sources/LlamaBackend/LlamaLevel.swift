internal import CLlama
internal import GGUF
public import PyramidDecoding

/// A level of the pyramid that llama.cpp computes.
///
/// Every sequence has its own stream of the KV cache, so that its attention never sees what other
/// sequences hold. A level belongs to one thread at a time.
public final class LlamaLevel: LanguageModel {
    /// The weights.
    public let model: LlamaModel
    /// The number of logits in a row that count.
    public let vocabularySize: Int
    /// The most tokens of a sequence.
    public let contextSize: Int
    /// How many sequences can be held.
    public let sequenceCapacity: Int

    private let context: OpaquePointer
    private let batch: LlamaBatch
    private let rowCapacity: Int
    private var rows = LogitRows()

    /// A level with a context of its own.
    ///
    /// - Parameters:
    ///   - model: The weights, and how to run them.
    ///   - threads: Threads per forward; `nil` is what the model's options say.
    ///   - commonVocabulary: How many first tokens the levels of the pyramid have in common; `nil`
    ///     is all of the model's.
    /// - Throws: ``LlamaError`` when the context cannot be made, or its memory cannot drop its
    ///   last tokens.
    public init(
        model: LlamaModel, threads: Int? = nil, commonVocabulary: Int? = nil
    ) throws(LlamaError) {
        var options = model.options
        options.threads = threads ?? options.threads
        self.model = model
        vocabularySize = min(commonVocabulary ?? .max, model.vocabularySize)
        sequenceCapacity = options.sequenceCapacity
        guard sequenceCapacity <= llama_max_parallel_sequences() else {
            throw LlamaError(
                .contextNotMade,
                "\(sequenceCapacity) sequences asked for; llama.cpp holds at most "
                    + "\(llama_max_parallel_sequences())")
        }
        let asked = options.contextSize(trained: model.trainedContextSize)
        context = try Self.makeContext(model, options, contextSize: asked)
        // llama.cpp rounds the size up; more than was asked for is not used.
        contextSize = min(asked, Int(llama_n_ctx_seq(context)))
        // The context may have less than was asked for; exceeding either aborts the process.
        batch = LlamaBatch(capacity: Int(llama_n_batch(context)))
        rowCapacity = max(options.rowCapacity, sequenceCapacity)
        try checkRewinds()
    }

    deinit {
        llama_free(context)
    }

    /// Appends tokens to sequences and computes logits.
    public func forward(_ requests: [ForwardRequest]) throws(LlamaError) {
        rows.begin(requests)
        batch.clear()
        var wanted = 0
        for request in requests {
            try check(request)
            let firstRow = request.tokens.count - request.wantedRows
            for (offset, token) in request.tokens.enumerated() {
                let wantsLogits = offset >= firstRow
                if batch.isFull || (wantsLogits && wanted == rowCapacity) {
                    try decode()
                    keepRows()
                    batch.clear()
                    wanted = 0
                }
                if wantsLogits {
                    rows.append(batchIndex: batch.count)
                    wanted += 1
                }
                batch.append(
                    token, position: request.position + offset, sequence: request.sequence,
                    wantsLogits: wantsLogits)
            }
        }
        try decode()
    }

    /// Lends a row of logits, `[vocabularySize]`.
    public func withLogits<Result>(
        request: Int, row: Int, _ body: (UnsafeBufferPointer<Float>) -> Result
    ) -> Result {
        switch rows.place(request: request, row: row) {
        case .batch(let index):
            guard let logits = llama_get_logits_ith(context, Int32(index)) else {
                preconditionFailure("row \(row) of request \(request) has no logits")
            }
            return body(UnsafeBufferPointer(start: logits, count: vocabularySize))
        case .kept(let index):
            return rows.withKept(index, vocabularySize: vocabularySize, body)
        }
    }

    /// Drops the tokens at `position` and after.
    public func rewind(_ sequence: SequenceID, to position: Int) throws(LlamaError) {
        guard
            llama_memory_seq_rm(llama_get_memory(context), Int32(sequence), Int32(position), -1)
        else {
            throw LlamaError(
                .cannotRewind, "sequence \(sequence) cannot be rewound to position \(position)")
        }
    }
}

// MARK: - Checks

extension LlamaLevel {
    /// What llama.cpp would answer with an abort or an unclear code.
    private func check(_ request: ForwardRequest) throws(LlamaError) {
        let end = request.position + request.tokens.count
        guard (0..<sequenceCapacity).contains(request.sequence), request.position >= 0,
            !request.tokens.isEmpty, (0...request.tokens.count).contains(request.wantedRows)
        else {
            throw LlamaError(.invalidRequest, "invalid forward request \(request)")
        }
        guard end <= contextSize else {
            throw LlamaError(
                .cacheFull, "\(end) tokens do not fit into the context of \(contextSize)")
        }
        if let token = request.tokens.first(where: { !(0..<Int32(vocabularySize)).contains($0) }) {
            throw LlamaError(
                .invalidRequest,
                "token \(token) is outside the vocabulary of \(vocabularySize)")
        }
    }

    /// Recurrent and hybrid memories cannot drop single tokens: find out before decoding.
    private func checkRewinds() throws(LlamaError) {
        let tokens: ArraySlice<TokenID> = [0, 0]
        try forward([ForwardRequest(sequence: 0, position: 0, tokens: tokens, wantedRows: 0)])
        do {
            try rewind(0, to: 1)
        } catch {
            throw LlamaError(
                .cannotRewind,
                "\(model.files.path): the memory of architecture "
                    + "\(model.summary.architecture ?? "unknown") cannot drop its last tokens, "
                    + "which speculation needs; models with recurrent layers cannot be levels")
        }
        try rewind(0, to: 0)
    }
}

// MARK: - Native calls

extension LlamaLevel {
    private static func makeContext(
        _ model: LlamaModel, _ options: LlamaOptions, contextSize: Int
    ) throws(LlamaError) -> OpaquePointer {
        let streams = options.sequenceCapacity
        let all = contextSize.multipliedReportingOverflow(by: streams)
        guard !all.overflow, all.partialValue <= Int(Int32.max) else {
            throw LlamaError(
                .contextNotMade,
                "\(model.files.path): a context of \(contextSize) tokens for \(streams) sequences "
                    + "is more than llama.cpp can count; ask for less with -c")
        }
        var parameters = llama_context_default_params()
        parameters.n_ctx = UInt32(clamping: all.partialValue)
        parameters.n_batch = UInt32(clamping: max(options.batchSize, streams))
        parameters.n_ubatch = parameters.n_batch
        parameters.n_seq_max = UInt32(clamping: streams)
        parameters.n_outputs_max = UInt32(clamping: max(options.rowCapacity, streams))
        parameters.n_outputs_max_per_seq = parameters.n_outputs_max
        parameters.n_threads = Int32(clamping: options.threads)
        parameters.n_threads_batch = Int32(clamping: options.threads)
        parameters.offload_kqv = options.usesGPU || !options.workers.isEmpty
        parameters.kv_unified = false
        parameters.no_perf = true
        if model.batchInvariance == .guaranteed {
            parameters.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_ENABLED
            parameters.type_k = GGML_TYPE_Q8_0
            parameters.type_v = GGML_TYPE_Q8_0
        }
        let (made, errors) = LlamaRuntime.collectingErrors {
            llama_init_from_model(model.handle.model, parameters)
        }
        guard let made else {
            throw LlamaError(
                .contextNotMade,
                "\(model.files.path): no context of \(contextSize) tokens for \(streams) "
                    + "sequences: \(errors.isEmpty ? "llama.cpp gives no reason" : errors)")
        }
        return made
    }

    private func decode() throws(LlamaError) {
        let (code, errors) = LlamaRuntime.collectingErrors { llama_decode(context, batch.native) }
        switch code {
        case 0: return
        case 1:
            throw LlamaError(
                .cacheFull, "llama.cpp found no room in its cache for \(batch.count) tokens",
                nativeCode: code)
        default:
            throw LlamaError(
                .forwardFailed,
                "llama.cpp failed to decode \(batch.count) tokens (code \(code))"
                    + (errors.isEmpty ? "" : ": \(errors)"), nativeCode: code)
        }
    }

    /// Copies the batch's rows, because the next decode overwrites them.
    private func keepRows() {
        rows.keep { index in
            guard let logits = llama_get_logits_ith(context, Int32(index)) else {
                preconditionFailure("token \(index) of the batch has no logits")
            }
            return UnsafeBufferPointer(start: logits, count: vocabularySize)
        }
    }
}
