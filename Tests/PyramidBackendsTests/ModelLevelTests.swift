import BackendTestSupport
import LlamaBackend
import NativeBackend
import PyramidBackends
import PyramidDecoding
import Testing

/// A level's contract, the same on each backend.
@Suite(.needsModel, .serialized)
struct ModelLevelTests {
    private static let tokens: [TokenID] = (0..<96).map { TokenID(($0 * 7919 + 13) % 40_000) }

    /// The bits of the last `rows` rows after feeding all tokens in pieces of `chunk`.
    private func bits(
        _ level: ModelLevel, sequence: SequenceID = 0, tokens: [TokenID] = tokens, chunk: Int,
        rows: Int
    ) throws -> [[UInt32]] {
        try level.rewind(sequence, to: 0)
        let split = tokens.count - rows
        for start in stride(from: 0, to: split, by: chunk) {
            let end = min(start + chunk, split)
            try level.forward([
                ForwardRequest(
                    sequence: sequence, position: start, tokens: tokens[start..<end], wantedRows: 0)
            ])
        }
        try level.forward([
            ForwardRequest(
                sequence: sequence, position: split, tokens: tokens[split...], wantedRows: rows)
        ])
        return (0..<rows).map { row in Self.row(level, 0, row) }
    }

    private static func row(_ level: ModelLevel, _ request: Int, _ row: Int) -> [UInt32] {
        level.withLogits(request: request, row: row) { $0.map(\.bitPattern) }
    }

    @Test(
        "A row has the same bits however many rows share its forward and however the prompt came",
        arguments: TestedBackends.invariant)
    func invariantToShape(backend: Backend) throws {
        let level = try backend.level()
        #expect(level.batchInvariance == .guaranteed)
        let single = try bits(level, chunk: 96, rows: 1)
        for rows in [2, 3, 4, 5, 8, 9, 16, 24, 33, 40] {
            for chunk in [1, 7, 32, 96] {
                let many = try bits(level, chunk: chunk, rows: rows)
                #expect(many.last == single.first, "rows \(rows), chunk \(chunk)")
            }
        }
        let wide = try bits(level, chunk: 96, rows: 24)
        let narrow = try bits(level, tokens: Array(Self.tokens.dropLast(10)), chunk: 5, rows: 2)
        #expect(narrow[1] == wide[13])
    }

    @Test(
        "So it is for the other quantizations that are said to be invariant",
        arguments: TestedBackends.invariant, ["Q4_0", "Q5_0", "Q8_0"])
    func otherQuantizations(backend: Backend, type: String) throws {
        let level = try backend.level(path: try RealModel.requantized(to: type))
        #expect(level.batchInvariance == .guaranteed)
        let single = try bits(level, chunk: 96, rows: 1)
        for rows in [2, 3, 8, 12] {
            #expect(try bits(level, chunk: 96, rows: rows).last == single.first, "rows \(rows)")
        }
    }

    @Test(
        "A row has the same bits whatever other sequences share its forward",
        arguments: TestedBackends.invariant)
    func invariantToCompany(backend: Backend) throws {
        let level = try backend.level(sequences: 4)
        let alone = try bits(level, sequence: 2, chunk: 96, rows: 6)
        for lengths in [[40, 1, 0, 3], [5, 5, 0, 5], [90, 0, 0, 2]] {
            for sequence in 0..<4 { try level.rewind(sequence, to: 0) }
            let split = Self.tokens.count - 6
            var requests = [
                ForwardRequest(
                    sequence: 2, position: 0, tokens: Self.tokens[..<split], wantedRows: 0)
            ]
            try level.forward(requests)
            requests = [
                ForwardRequest(
                    sequence: 2, position: split, tokens: Self.tokens[split...], wantedRows: 6)
            ]
            for (sequence, length) in lengths.enumerated() where length > 0 {
                let others = Self.tokens.reversed().prefix(length)
                requests.insert(
                    ForwardRequest(
                        sequence: sequence, position: 0, tokens: Array(others)[...],
                        wantedRows: min(length, 2)), at: sequence == 0 ? 0 : requests.count)
            }
            try level.forward(requests)
            let own = try #require(requests.firstIndex { $0.sequence == 2 })
            #expect((0..<6).map { Self.row(level, own, $0) } == alone, "beside \(lengths)")
        }
    }

    @Test(
        "After a rewind the cache is as if the dropped tokens had never been",
        arguments: TestedBackends.invariant)
    func rewind(backend: Backend) throws {
        let level = try backend.level()
        let expected = try bits(level, chunk: 96, rows: 4)
        try level.rewind(0, to: 60)
        try level.forward([
            ForwardRequest(sequence: 0, position: 60, tokens: [5, 6, 7, 8, 9], wantedRows: 1)
        ])
        try level.rewind(0, to: 60)
        try level.forward([
            ForwardRequest(sequence: 0, position: 60, tokens: Self.tokens[60...], wantedRows: 4)
        ])
        #expect((0..<4).map { Self.row(level, 0, $0) } == expected)
    }

    @Test(
        "A row has the same bits whatever the number of threads",
        arguments: TestedBackends.invariant)
    func invariantToThreads(backend: Backend) throws {
        let one = try backend.level { $0.threads = 1 }
        let expected = try bits(one, chunk: 96, rows: 5)
        // llama.cpp spins, which on fewer cores than threads takes forever.
        for threads in backend == .native ? [2, 3] : [2] {
            let level = try backend.level { $0.threads = threads }
            #expect(try bits(level, chunk: 96, rows: 5) == expected, "\(threads) threads")
        }
    }

    @Test(
        "More rows and tokens than one native decode holds come out the same",
        arguments: TestedBackends.invariant)
    func splits(backend: Backend) throws {
        let whole = try bits(try backend.level(), chunk: 96, rows: 20)
        let level = try backend.level {
            $0.rowCapacity = 3
            $0.batchSize = 7
        }
        #expect(try bits(level, chunk: 96, rows: 20) == whole)
    }

    @Test(
        "A request that breaks the contract is an error, and the level lives",
        arguments: TestedBackends.all)
    func guarded(backend: Backend) throws {
        let level = try backend.level(context: 256)
        let expected = try bits(level, chunk: 96, rows: 1)
        func request(_ sequence: Int, _ position: Int, _ tokens: [TokenID], _ rows: Int) throws {
            try level.forward([
                ForwardRequest(
                    sequence: sequence, position: position, tokens: tokens[...], wantedRows: rows)
            ])
        }
        #expect(throws: LevelError.self) { try request(0, 96, [-1], 1) }
        #expect(throws: LevelError.self) { try request(0, 96, [1_000_000], 1) }
        #expect(throws: LevelError.self) { try request(7, 0, [1], 1) }
        #expect(throws: LevelError.self) { try request(0, 96, [], 0) }
        #expect(throws: LevelError.self) { try request(0, 96, [1], 2) }
        let full = #expect(throws: LevelError.self) {
            try request(0, 96, Array(repeating: 1, count: 161), 1)
        }
        switch try #require(full) {
        case .llama(let error): #expect(error.code == .cacheFull)
        case .native(let error): #expect(error.code == .cacheFull)
        }
        let gap = #expect(throws: LevelError.self) { try request(0, 200, [1], 1) }
        switch try #require(gap) {
        case .llama(let error): #expect(error.nativeCode == -1)
        case .native(let error): #expect(error.code == .invalidRequest)
        }
        #expect(try bits(level, chunk: 96, rows: 1) == expected)
    }
}
