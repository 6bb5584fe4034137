import GGUFTestSupport
import NativeBackend
import PyramidDecoding
import Testing

@Suite("The bits of native logits")
struct BitIdentityTests {
    private static let sets = InstructionSet.available.indices
    private static let vocabulary = 517

    private let prompt = tokens(130, vocabulary: vocabulary, seed: 11)
    private let others = tokens(130, vocabulary: vocabulary, seed: 12)

    @Test(
        "A row has the same bits alone and among any number of rows",
        arguments: RandomTransformer.mixed, sets)
    func rowCounts(toy: RandomTransformer, set: Int) throws {
        let level = try toy.level(instructionSet: InstructionSet.available[set])
        let alone = try (0..<40).map { try level.append([prompt[$0]], at: $0)[0] }
        // Portable C, the last, takes its time.
        let isSlow = set == Self.sets.last
        for count in isSlow ? [1, 2, 3, 4, 5, 6, 7, 8, 9, 19, 40] : Array(1...40) {
            let rows = try level.append(prompt[..<count], at: 0)
            #expect(rows == Array(alone[..<count]), "\(count) rows")
        }
    }

    @Test(
        "A prompt cut in any places gives the same bits", arguments: RandomTransformer.mixed)
    func cuts(toy: RandomTransformer) throws {
        let level = try toy.level()
        let whole = try level.append(prompt, at: 0)
        var random = RandomSource(seed: 1)
        var cuts = [[1, 129], [64, 66], [65, 65], [63, 1, 66], [128, 2], [16, 17, 15, 82]]
        for most in [3, 10, 20, 70, 130] {
            var cut: [Int] = []
            while cut.reduce(0, +) < 130 {
                cut.append(min(130 - cut.reduce(0, +), .random(in: 1...most, using: &random)))
            }
            cuts.append(cut)
        }
        for cut in cuts {
            var rows: [LogitRow] = []
            for count in cut {
                rows += try level.append(prompt[rows.count..<rows.count + count], at: rows.count)
            }
            #expect(rows == whole, "\(cut)")
        }
    }

    @Test(
        "Which rows of a forward are wanted changes no bits", arguments: RandomTransformer.mixed)
    func wantedRows(toy: RandomTransformer) throws {
        let level = try toy.level()
        let whole = try level.append(prompt, at: 0)
        for wanted in [0, 1, 2, 63, 64, 65, 66, 67, 129, 130] {
            let rows = try level.append(prompt, at: 0, wanted: wanted)
            #expect(rows == whole.suffix(wanted), "\(wanted) wanted")
        }
    }

    @Test(
        "Sequences of different depths in one forward do not change each other's bits",
        arguments: RandomTransformer.mixed, [2, 5])
    func mixes(toy: RandomTransformer, sequences: Int) throws {
        let level = try toy.level(sequences: sequences, context: 130)
        let prompts = (0..<sequences).map {
            tokens(130, vocabulary: Self.vocabulary, seed: UInt64($0))
        }
        let alone = try prompts.map { try level.append($0, at: 0) }
        var random = RandomSource(seed: 2)
        var depths = Array(repeating: 0, count: sequences)
        while depths.contains(where: { $0 < 130 }) {
            var requests: [ForwardRequest] = []
            for sequence in (0..<sequences).shuffled(using: &random) {
                let left = 130 - depths[sequence]
                let most = [0, 1, 2, 9, 40].randomElement(using: &random) ?? 0
                let count = Int.random(in: 0...min(left, most), using: &random)
                guard count > 0 else { continue }
                let end = depths[sequence] + count
                requests.append(
                    ForwardRequest(
                        sequence: sequence, position: depths[sequence],
                        tokens: prompts[sequence][depths[sequence]..<end],
                        wantedRows: Int.random(in: 0...count, using: &random)))
                depths[sequence] = end
            }
            for (request, rows) in zip(requests, try level.rows(of: requests)) {
                let end = request.position + request.tokens.count
                #expect(rows == Array(alone[request.sequence][end - rows.count..<end]))
            }
        }
    }

    @Test(
        "Any number of threads gives the same bits, also more than there are cores",
        arguments: RandomTransformer.mixed)
    func threads(toy: RandomTransformer) throws {
        let expected = try Schedule(toy.level(threads: 1), prompt).rows
        for threads in [2, 3, 5] {
            #expect(try Schedule(toy.level(threads: threads), prompt).rows == expected)
        }
        // A pool may have more threads than a level uses.
        let pool = WorkerPool(threads: 5)
        let model = try toy.load(pool: pool)
        for threads in [1, 2, 3, 4, 9] {
            let level = try NativeLevel(
                model: model, pool: pool, options: .of(threads: threads, context: 130))
            #expect(try Schedule(level, prompt).rows == expected)
        }
    }

    @Test(
        "All instruction sets give the same bits",
        arguments: RandomTransformer.mixed
            + WeightType.allCases.map { RandomTransformer.small("qwen3", $0) })
    func instructionSets(toy: RandomTransformer) throws {
        var toy = toy
        toy.sizes.layers = 1
        let expected = try Schedule(toy.level(), prompt.prefix(24)).rows
        for set in InstructionSet.available.dropFirst() {
            let level = try toy.level(instructionSet: set)
            #expect(try Schedule(level, prompt.prefix(24)).rows == expected, "\(set)")
        }
    }

    @Test("What a rewind dropped leaves no trace", arguments: RandomTransformer.mixed)
    func rewinds(toy: RandomTransformer) throws {
        let level = try toy.level(context: 130)
        for position in [0, 1, 7, 15, 16, 17, 31, 50, 63, 64, 65, 100, 129] {
            let fresh = try NativeLevel(
                model: level.model, pool: WorkerPool(threads: 2), options: .of(context: 130))
            let expected = try fresh.append(
                prompt[..<position] + others[position..<130], at: 0, wanted: 130 - position)
            _ = try level.append(prompt, at: 0, wanted: 0)
            let rows = try level.rewindAndAppend(others[position..<130], at: position)
            #expect(rows == expected, "position \(position)")
        }
    }

    @Test("A sequence that was used before is as good as a new one")
    func reuse() throws {
        let toy = RandomTransformer.mixed[1]
        let level = try toy.level(sequences: 2, context: 130)
        _ = try level.append(others, to: 1, at: 0)
        try level.rewind(1, to: 0)
        let rows = try level.append(prompt, to: 1, at: 0)
        #expect(try toy.level(context: 130).append(prompt, at: 0) == rows)
        #expect(try level.append(prompt, to: 0, at: 0) == rows)
    }

    @Test("Levels that share a model and a pool do not change each other's bits")
    func sharedModel() throws {
        let toy = RandomTransformer.mixed[0]
        let pool = WorkerPool(threads: 2)
        let model = try toy.load(pool: pool)
        let levels = try [130, 256].map { context in
            try NativeLevel(model: model, pool: pool, options: .of(context: context))
        }
        let expected = [
            try toy.level().append(prompt, at: 0), try toy.level().append(others, at: 0),
        ]
        var rows: [[LogitRow]] = [[], []]
        for start in stride(from: 0, to: 130, by: 13) {
            rows[0] += try levels[0].append(prompt[start..<start + 13], at: start)
            rows[1] += try levels[1].append(others[start..<start + 13], at: start)
        }
        #expect(rows == expected)
    }
}

/// What the same few forwards give.
private struct Schedule {
    let rows: [[LogitRow]]

    /// A long forward, short ones, and one after a rewind.
    init(_ level: NativeLevel, _ tokens: some BidirectionalCollection<TokenID>) throws {
        let tokens = Array(tokens)
        let middle = tokens.count - 7
        rows = [
            try level.append(tokens[..<middle], at: 0),
            try level.append(tokens[middle..<middle + 1], at: middle),
            try level.append(tokens[(middle + 1)...], at: middle + 1),
            try level.rewindAndAppend(tokens.reversed().prefix(9), at: 5),
        ]
    }
}

extension NativeLevel {
    fileprivate func rewindAndAppend(
        _ tokens: some Collection<TokenID>, at position: Int
    ) throws -> [LogitRow] {
        try rewind(0, to: position)
        return try append(tokens, at: position)
    }
}
