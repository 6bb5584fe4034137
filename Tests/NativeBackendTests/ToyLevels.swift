import GGUF
import GGUFTestSupport
import NativeBackend
import PyramidDecoding
import Testing

extension RandomTransformer {
    /// The model, loaded from a file that is then gone.
    func load(pool: WorkerPool = WorkerPool(threads: 2)) throws -> NativeModel {
        try writer().load(pool: pool)
    }

    /// A level of its own model and pool.
    func level(
        threads: Int = 2, sequences: Int = 1, context: Int = 256, commonVocabulary: Int? = nil,
        instructionSet: InstructionSet = .fastest
    ) throws -> NativeLevel {
        let pool = WorkerPool(threads: threads)
        return try NativeLevel(
            model: load(pool: pool), pool: pool,
            options: .of(threads: threads, sequences: sequences, context: context),
            commonVocabulary: commonVocabulary, instructionSet: instructionSet)
    }
}

extension GGUFWriter {
    /// The model, loaded from a file that is then gone.
    func load(pool: WorkerPool) throws -> NativeModel {
        let folder = try TemporaryFolder()
        return try NativeModel(GGUFModelFiles(path: folder.write(bytes())), pool: pool)
    }
}

extension NativeOptions {
    static func of(threads: Int = 2, sequences: Int = 1, context: Int?) -> NativeOptions {
        var options = NativeOptions()
        options.threads = threads
        options.sequenceCapacity = sequences
        options.contextSize = context
        return options
    }
}

extension NativeLevel {
    /// Appends tokens to one sequence; the logits of the last `wanted` of them, by default of all.
    func append(
        _ tokens: some Collection<TokenID>, to sequence: SequenceID = 0, at position: Int,
        wanted: Int? = nil
    ) throws -> [LogitRow] {
        let tokens = Array(tokens)
        let request = ForwardRequest(
            sequence: sequence, position: position, tokens: tokens[...],
            wantedRows: wanted ?? tokens.count)
        return try rows(of: [request])[0]
    }

    /// The rows of logits that requests ask for.
    func rows(of requests: [ForwardRequest]) throws -> [[LogitRow]] {
        try forward(requests)
        return requests.enumerated().map { index, request in
            (0..<request.wantedRows).map { row in
                withLogits(request: index, row: row) { LogitRow(values: Array($0)) }
            }
        }
    }
}

/// A row of logits; equal when all bits are.
struct LogitRow: Equatable, CustomTestStringConvertible {
    var values: [Float]

    static func == (a: LogitRow, b: LogitRow) -> Bool {
        a.values.map(\.bitPattern) == b.values.map(\.bitPattern)
    }

    // A failed expectation shows its values, which may be thousands of rows.
    var testDescription: String { "\(values.prefix(3))..." }
}

/// Tokens in an order that is the same in every run.
func tokens(_ count: Int, vocabulary: Int, seed: UInt64) -> [TokenID] {
    var random = RandomSource(seed: seed)
    return (0..<count).map { _ in TokenID.random(in: 0..<TokenID(vocabulary), using: &random) }
}
