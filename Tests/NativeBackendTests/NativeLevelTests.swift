import GGUFTestSupport
import NativeBackend
import PyramidDecoding
import Testing

@Suite("The contract of native levels")
struct NativeLevelTests {
    private static let vocabulary = 517
    private static let context = 40

    private let toy = RandomTransformer.narrow("llama", .q80)
    private let prompt = tokens(40, vocabulary: vocabulary, seed: 21)

    @Test("A level says what it can hold")
    func sizes() throws {
        let level = try toy.level(sequences: 3, context: 40)
        #expect([level.vocabularySize, level.contextSize, level.sequenceCapacity] == [517, 40, 3])
        #expect(try toy.level(commonVocabulary: 500).vocabularySize == 500)
        #expect(try toy.level(commonVocabulary: 517).vocabularySize == 517)
        #expect(try toy.level(commonVocabulary: 9_999).vocabularySize == 517)
        let pool = WorkerPool(threads: 1)
        var trained = toy
        for (size, expected) in [(100, 100), (6_000, 4_096)] {
            trained.contextSize = size
            let model = try trained.load(pool: pool)
            #expect(model.trainedContextSize == size && model.vocabularySize == 517)
            func level(_ context: Int?) throws -> NativeLevel {
                try NativeLevel(model: model, pool: pool, options: .of(context: context))
            }
            #expect(try level(nil).contextSize == expected)
            #expect(try level(0).contextSize == size)
            #expect(try level(size + 1).contextSize == size + 1)
        }
    }

    private static let refused: [Refused] = [
        Refused("a sequence that is not there", .invalidRequest, sequence: 2),
        Refused("a sequence below 0", .invalidRequest, sequence: -1),
        Refused("the largest sequence", .invalidRequest, sequence: .max),
        Refused("a position below 0", .invalidRequest, position: -1),
        Refused("the lowest position", .invalidRequest, position: .min),
        Refused("the largest position", .cacheFull, position: .max),
        Refused("a position at the end", .cacheFull, position: context),
        Refused("a position after the end", .cacheFull, position: context + 1),
        Refused("a position that leaves a gap", .invalidRequest, position: 21),
        Refused("a gap of another sequence", .invalidRequest, sequence: 1, position: 1),
        Refused("no tokens", .invalidRequest, tokens: [], wanted: 0),
        Refused("no tokens at the end", .invalidRequest, position: context, tokens: [], wanted: 0),
        Refused("one token too many", .cacheFull, position: context - 2, tokens: [1, 2, 3]),
        Refused("fewer than no rows", .invalidRequest, wanted: -1),
        Refused("more rows than tokens", .invalidRequest, wanted: 3),
        Refused("a token below 0", .invalidRequest, tokens: [1, -1]),
        Refused("a token that only the model has", .invalidRequest, tokens: [500, 1]),
        Refused("a token that nobody has", .invalidRequest, tokens: [1, 517]),
        Refused("the largest token", .invalidRequest, tokens: [.max, 1]),
    ]

    @Test("An invalid request is refused, and nothing has changed", arguments: refused)
    func invalidRequests(refused: Refused) throws {
        let level = try toy.level(
            sequences: 2, context: Self.context, commonVocabulary: 500)
        let valid = prompt.map { $0 % 500 }
        let expected = try level.append(valid, at: 0)
        _ = try level.append(valid[..<20], at: 0)
        let invalid = ForwardRequest(
            sequence: refused.sequence, position: refused.position, tokens: refused.tokens[...],
            wantedRows: refused.wanted)
        let other = ForwardRequest(
            sequence: 1, position: 0, tokens: valid[3..<9], wantedRows: 1)
        for requests in [[invalid], [other, invalid], [invalid, other]] {
            let error = #expect(throws: NativeError.self) { try level.forward(requests) }
            #expect(error?.code == refused.code)
            #expect(error?.message.contains("\n") == false)
        }
        #expect(try level.append(valid[20...], at: 20) == Array(expected[20...]))
    }

    @Test("A sequence that occurs twice in a forward is refused")
    func repeatedSequence() throws {
        let level = try toy.level(sequences: 3, context: Self.context)
        let requests = [1, 2, 1].map {
            ForwardRequest(sequence: $0, position: 0, tokens: prompt[..<3], wantedRows: 1)
        }
        let error = #expect(throws: NativeError.self) { try level.forward(requests) }
        #expect(error?.code == .invalidRequest)
        #expect(try level.rows(of: Array(requests[..<2])).count == 2)
    }

    @Test("What a sequence holds ends where it was cut, by a rewind or by a forward")
    func gaps() throws {
        let level = try toy.level(sequences: 2, context: Self.context)
        let expected = try level.append(prompt, at: 0)
        func expectEnd(at end: Int) throws {
            for position in end + 1...Self.context - 1 {
                let error = #expect(throws: NativeError.self) {
                    try level.append([1], at: position)
                }
                #expect(error?.code == .invalidRequest)
            }
            #expect(try level.append([prompt[end]], at: end) == [expected[end]])
        }
        try level.rewind(0, to: 17)
        try expectEnd(at: 17)
        // What is not held cannot be brought back.
        try level.rewind(0, to: 30)
        try expectEnd(at: 18)
        try level.rewind(0, to: 0)
        try expectEnd(at: 0)
        _ = try level.append(prompt, at: 0)
        _ = try level.append(prompt[5..<9], at: 5)
        try expectEnd(at: 9)
        try level.rewind(1, to: 20)
        #expect(throws: NativeError.self) { try level.append([1], to: 1, at: 20) }
    }

    @Test("A rewind to what cannot be is refused, and nothing has changed")
    func invalidRewinds() throws {
        let level = try toy.level(sequences: 2, context: Self.context)
        let expected = try level.append(prompt, at: 0)
        _ = try level.append(prompt[..<20], at: 0)
        for (sequence, position) in [
            (2, 0), (-1, 0), (.max, 0), (.min, 0), (0, -1), (0, 41), (0, .max), (0, .min),
        ] {
            let error = #expect(throws: NativeError.self) {
                try level.rewind(sequence, to: position)
            }
            #expect(error?.code == .invalidRequest)
        }
        #expect(try level.append(prompt[20...], at: 20) == Array(expected[20...]))
        for position in [0, 1, 39, 40] { try level.rewind(1, to: position) }
    }

    @Test(
        "A copied beginning gives the bits of its original, and the original keeps its own",
        arguments: [1, 15, 16, 17, 39])
    func copies(count: Int) throws {
        let level = try toy.level(sequences: 3, context: Self.context)
        let expected = try level.append(prompt, at: 0)
        // What a longer predecessor left is overwritten.
        _ = try level.append(prompt.reversed(), to: 1, at: 0)
        #expect(try level.copy(count, from: 0, to: 1))
        #expect(try level.append(prompt[count...], to: 1, at: count) == Array(expected[count...]))
        // The copy goes its own way.
        try level.rewind(1, to: count)
        _ = try level.append([7, 7], to: 1, at: count - 1)
        #expect(try level.append(prompt[count...], at: count) == Array(expected[count...]))
        #expect(throws: NativeError.self) { try level.append([1], to: 1, at: count + 2) }
    }

    @Test("A copy of what is not there is refused, and nothing has changed")
    func invalidCopies() throws {
        let level = try toy.level(sequences: 2, context: Self.context)
        let expected = try level.append(prompt, at: 0)
        try level.rewind(0, to: 20)
        for (count, source, destination) in [
            (21, 0, 1), (-1, 0, 1), (.max, 0, 1), (1, 1, 0), (0, 2, 0), (0, 0, 2), (0, -1, 0),
            (0, 0, .max), (0, 0, 0),
        ] {
            let error = #expect(throws: NativeError.self) {
                try level.copy(count, from: source, to: destination)
            }
            #expect(error?.code == .invalidRequest)
        }
        #expect(try level.append(prompt[20...], at: 20) == Array(expected[20...]))
    }

    @Test("A context is used to its last position", arguments: [1, 15, 16, 17, 33])
    func contexts(size: Int) throws {
        let level = try toy.level(sequences: 2, context: size)
        let expected = try toy.level(context: 40).append(prompt, at: 0)
        for sequence in 0..<2 {
            let rows = try level.append(prompt[..<size], to: sequence, at: 0)
            #expect(rows == Array(expected[..<size]))
        }
        for (tokens, position) in [(prompt[..<(size + 1)], 0), (prompt[..<1], size)] {
            let error = #expect(throws: NativeError.self) {
                try level.append(tokens, at: position)
            }
            #expect(error?.code == .cacheFull)
        }
        try level.rewind(0, to: size - 1)
        let last = try level.append(prompt[(size - 1)..<size], at: size - 1)
        #expect(last == [expected[size - 1]])
        // The neighbour in memory was not written to.
        try level.rewind(1, to: size - 1)
        let other = try level.append(prompt[(size - 1)..<size], to: 1, at: size - 1)
        #expect(other == [expected[size - 1]])
    }

    @Test("Rows of logits belong to the requests that asked for them")
    func rowsOfRequests() throws {
        let level = try toy.level(sequences: 5, context: 130)
        let prompts = (0..<5).map { tokens(90, vocabulary: Self.vocabulary, seed: $0) }
        let alone = try prompts.map { try level.append($0, at: 0) }
        // Requests that end inside a batch, at its end and after several.
        let counts = [(1, 1), (63, 5), (90, 0), (40, 40), (64, 64), (7, 3), (90, 90), (2, 0)]
        for first in counts.indices {
            let requests = (0..<5).map { sequence in
                let (count, wanted) = counts[(first + sequence) % counts.count]
                return ForwardRequest(
                    sequence: sequence, position: 0, tokens: prompts[sequence][..<count],
                    wantedRows: wanted)
            }
            for (request, rows) in zip(requests, try level.rows(of: requests)) {
                #expect(rows.count == request.wantedRows)
                let end = request.tokens.count
                #expect(rows == Array(alone[request.sequence][end - rows.count..<end]))
            }
        }
    }

    @Test("A forward without requests or wanted rows is a forward")
    func nothingWanted() throws {
        let level = try toy.level(context: 130)
        let expected = try level.append(prompt, at: 0)
        try level.forward([])
        #expect(try level.append(prompt[..<39], at: 0, wanted: 0) == [])
        try level.forward([])
        #expect(try level.append(prompt[39...], at: 39) == [expected[39]])
    }

    @Test("Slices of tokens may start anywhere")
    func slices() throws {
        let level = try toy.level()
        let expected = try level.append(prompt[10..<20], at: 0)
        let request = ForwardRequest(
            sequence: 0, position: 0, tokens: prompt[10..<20], wantedRows: 10)
        #expect(try level.rows(of: [request]) == [expected])
    }

    @Test("The logits of a common vocabulary are the first of the model's")
    func commonVocabulary() throws {
        let common = prompt.map { $0 % 100 }
        let all = try toy.level().append(common, at: 0)
        let first = try toy.level(commonVocabulary: 100).append(common, at: 0)
        #expect(first == all.map { LogitRow(values: Array($0.values.prefix(100))) })
    }
}

/// A request that a level refuses.
struct Refused: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var code: NativeError.Code
    var sequence: Int
    var position: Int
    var tokens: [TokenID]
    var wanted: Int

    init(
        _ reason: String, _ code: NativeError.Code, sequence: Int = 0, position: Int = 20,
        tokens: [TokenID] = [1, 2], wanted: Int = 1
    ) {
        testDescription = reason
        self.code = code
        self.sequence = sequence
        self.position = position
        self.tokens = tokens
        self.wanted = wanted
    }
}
