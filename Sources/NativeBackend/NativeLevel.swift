public import PyramidDecoding

/// A level of the pyramid that this package's own forward computes on the CPU.
///
/// A row's logits have the same bits whatever else shares its forward, however a prompt was cut
/// into forwards, and with any number of threads or instruction set. Every sequence has a KV cache
/// of its own. A level belongs to one thread at a time.
public final class NativeLevel: LanguageModel {
    /// The weights.
    public let model: NativeModel
    /// The number of logits in a row that count.
    public let vocabularySize: Int
    /// The most tokens of a sequence.
    public let contextSize: Int
    /// How many sequences can be held.
    public let sequenceCapacity: Int

    let kernels: Kernels
    let caches: [KeyValueCache]
    let rotary: RotaryTable
    let workspace: Workspace
    private var logits = LogitBuffer()
    /// The tokens that each sequence's cache holds.
    private var held: [Int]

    /// A level with KV caches of its own.
    ///
    /// - Parameters:
    ///   - model: The weights.
    ///   - pool: The threads, which all levels of a process should share.
    ///   - options: How to run it.
    ///   - commonVocabulary: How many first tokens the levels of the pyramid have in common; `nil`
    ///     is all of the model's.
    ///   - instructionSet: The kernels to use.
    /// - Throws: ``NativeError`` when the options cannot be met or memory is short.
    public init(
        model: NativeModel, pool: WorkerPool, options: NativeOptions,
        commonVocabulary: Int? = nil, instructionSet: InstructionSet = .fastest
    ) throws(NativeError) {
        let contextSize = options.contextSize(trained: model.trainedContextSize)
        guard (1...Self.mostTokens).contains(contextSize), options.threads > 0,
            (1...Self.mostSequences).contains(options.sequenceCapacity)
        else {
            throw NativeError(
                .invalidOptions,
                "a context of \(contextSize) tokens for \(options.sequenceCapacity) sequences on "
                    + "\(options.threads) threads: each must be at least 1, the context at most "
                    + "\(Self.mostTokens), and the sequences at most \(Self.mostSequences)")
        }
        guard commonVocabulary ?? 1 > 0 else {
            throw NativeError(.invalidOptions, "the levels have no common vocabulary")
        }
        self.model = model
        self.contextSize = contextSize
        vocabularySize = min(commonVocabulary ?? .max, model.vocabularySize)
        sequenceCapacity = options.sequenceCapacity
        let threads = min(options.threads, pool.threads)
        kernels = Kernels(instructionSet: instructionSet, pool: pool, threads: threads)
        rotary = try RotaryTable(model, contextSize: contextSize)
        workspace = try Workspace(model.shape, contextSize: contextSize, threads: threads)
        var caches: [KeyValueCache] = []
        for _ in 0..<options.sequenceCapacity {
            caches.append(
                try KeyValueCache(
                    model.shape, contextSize: contextSize, isReserved: options.reservesCaches))
        }
        self.caches = caches
        held = Array(repeating: 0, count: caches.count)
    }

    /// Appends tokens to sequences and computes logits.
    ///
    /// - Throws: ``NativeError`` for a request that no level could take; nothing was then computed.
    public func forward(_ requests: [ForwardRequest]) throws(NativeError) {
        var sequences: Set<SequenceID> = []
        for request in requests {
            try check(request)
            guard sequences.insert(request.sequence).inserted else {
                throw NativeError(
                    .invalidRequest, "sequence \(request.sequence) occurs twice in one forward")
            }
        }
        try logits.begin(requests, rowElements: model.head.paddedRows)
        var batch = RowBatch()
        for (index, request) in requests.enumerated() {
            rotary.prepare(request.position + request.tokens.count)
            let firstWanted = request.tokens.count - request.wantedRows
            for (offset, token) in request.tokens.enumerated() {
                if batch.count == Self.mostRows {
                    compute(batch)
                    batch.rows.removeAll(keepingCapacity: true)
                }
                let isWanted = offset >= firstWanted
                batch.rows.append(
                    RowBatch.Row(
                        token: token, sequence: request.sequence,
                        position: request.position + offset,
                        logits: isWanted
                            ? logits.row(request: index, row: offset - firstWanted) : nil))
            }
        }
        compute(batch)
        for request in requests { held[request.sequence] = request.position + request.tokens.count }
    }

    /// Lends a row of logits, `[vocabularySize]`.
    public func withLogits<Result>(
        request: Int, row: Int, _ body: (UnsafeBufferPointer<Float>) -> Result
    ) -> Result {
        body(
            UnsafeBufferPointer(
                start: logits.row(request: request, row: row), count: vocabularySize))
    }

    /// Drops the tokens at `position` and after; the cache is cut by what is asked of it next.
    ///
    /// - Complexity: O(1)
    public func rewind(_ sequence: SequenceID, to position: Int) throws(NativeError) {
        guard (0..<sequenceCapacity).contains(sequence), (0...contextSize).contains(position)
        else {
            throw NativeError(
                .invalidRequest,
                "sequence \(sequence) cannot be rewound to position \(position): there are "
                    + "\(sequenceCapacity) sequences of \(contextSize) tokens")
        }
        held[sequence] = min(held[sequence], position)
    }

    /// Copies the keys and values of the first `count` tokens of a sequence to another.
    ///
    /// - Returns: Always true.
    /// - Throws: ``NativeError`` when there are no such sequences, or `source` holds fewer tokens.
    public func copy(
        _ count: Int, from source: SequenceID, to destination: SequenceID
    ) throws(NativeError) -> Bool {
        let places = 0..<sequenceCapacity
        guard places.contains(source), places.contains(destination), source != destination,
            (0...held[source]).contains(count)
        else {
            throw NativeError(
                .invalidRequest,
                "\(count) tokens of sequence \(source) cannot be copied to sequence \(destination)")
        }
        caches[destination].copy(count, from: caches[source], headSize: model.shape.headSize)
        held[destination] = count
        return true
    }

    /// The most rows that pass through the layers together. More would push the activations out
    /// of the cache; fewer would read the weights of a long prompt more often.
    package static let mostRows = 64

    /// Tokens are counted in 32 bits, as in llama.cpp.
    private static let mostTokens = Int(Int32.max)
    private static let mostSequences = 1 << 16

    private func check(_ request: ForwardRequest) throws(NativeError) {
        guard (0..<sequenceCapacity).contains(request.sequence), request.position >= 0,
            !request.tokens.isEmpty, (0...request.tokens.count).contains(request.wantedRows)
        else {
            throw NativeError(.invalidRequest, "invalid forward request \(request)")
        }
        // Any position can be asked for: adding to it could overflow.
        guard request.position <= contextSize - request.tokens.count else {
            throw NativeError(
                .cacheFull,
                "\(request.tokens.count) tokens at position \(request.position) do not fit into "
                    + "the context of \(contextSize)")
        }
        guard request.position <= held[request.sequence] else {
            throw NativeError(
                .invalidRequest,
                "position \(request.position) would leave a gap: sequence \(request.sequence) "
                    + "holds \(held[request.sequence]) tokens")
        }
        if let token = request.tokens.first(where: { !(0..<Int32(vocabularySize)).contains($0) }) {
            throw NativeError(
                .invalidRequest,
                "token \(token) is outside the vocabulary of \(vocabularySize)")
        }
    }
}
