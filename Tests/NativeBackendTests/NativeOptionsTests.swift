import GGUFTestSupport
import NativeBackend
import PyramidDecoding
import Testing

@Suite("Options of native levels")
struct NativeOptionsTests {
    private let model: NativeModel
    private let pool = WorkerPool(threads: 2)

    init() throws { model = try RandomTransformer.narrow("qwen3", .q80).load(pool: pool) }

    private func level(
        _ options: NativeOptions, commonVocabulary: Int? = nil
    ) throws -> NativeLevel {
        try NativeLevel(
            model: model, pool: pool, options: options, commonVocabulary: commonVocabulary)
    }

    @Test("Options that cannot be met are an error")
    func invalidOptions() throws {
        let invalid: [NativeOptions] = [
            .of(threads: 0, context: 40), .of(threads: -1, context: 40),
            .of(sequences: 0, context: 40), .of(sequences: -1, context: 40),
            .of(sequences: .min, context: 40), .of(context: -1), .of(context: .min),
            .of(context: .max), .of(context: 1 << 40),
        ]
        for options in invalid {
            let error = #expect(throws: NativeError.self) { try level(options) }
            #expect(error?.code == .invalidOptions, "\(options)")
        }
        for size in [0, -1, .min] {
            let error = #expect(throws: NativeError.self) {
                try level(.of(context: 40), commonVocabulary: size)
            }
            #expect(error?.code == .invalidOptions, "vocabulary \(size)")
        }
    }

    @Test("More than there is room for is an error, or room that is taken when it is needed")
    func hugeOptions() throws {
        let most = Int(Int32.max)
        let huge: [NativeOptions] = [
            .of(context: most), .of(sequences: 1 << 10, context: most),
            .of(sequences: .max, context: 1), .of(sequences: .max, context: most),
            .of(sequences: 1 << 40, context: 4_096), .of(sequences: 1 << 16, context: most),
            .of(sequences: 1 << 16, context: 16),
        ]
        for options in huge {
            do throws(NativeError) {
                let level = try NativeLevel(model: model, pool: pool, options: options)
                try check(level)
            } catch {
                #expect([.notEnoughMemory, .invalidOptions].contains(error.code), "\(options)")
            }
        }
    }

    @Test("As many threads as asked for are used, but no more than the pool has")
    func threads() throws {
        for threads in [1, 2, 3, 1_000, Int.max] {
            try check(level(.of(threads: threads, context: 40)))
        }
    }

    private func check(_ level: NativeLevel) throws(NativeError) {
        let last = level.sequenceCapacity - 1
        for sequence in [0, last] {
            try level.forward([
                ForwardRequest(sequence: sequence, position: 0, tokens: [1, 2, 3], wantedRows: 1)
            ])
            level.withLogits(request: 0, row: 0) { row in
                #expect(row.count == 517 && row.allSatisfy(\.isFinite))
            }
        }
    }
}
