#if os(Linux)
    import Glibc
    import PyramidDecoding
    import PyramidTestSupport
    import Testing

    @Suite("Memory", .serialized)
    struct AllocationTests {
        /// Of this thread, whatever other tests do.
        private func pageFaults() -> Int {
            var usage = rusage()
            // RUSAGE_THREAD; the import has no name for it.
            let result = getrusage(1, &usage)
            precondition(result == 0)
            return usage.ru_minflt
        }

        /// `mallopt(M_MMAP_THRESHOLD, size)`, which the import of the C library leaves out.
        private func setMappingThreshold(_ size: Int32) -> Bool {
            guard let symbol = dlsym(nil, "mallopt") else { return false }
            let mallopt = unsafeBitCast(
                symbol, to: (@convention(c) (Int32, Int32) -> Int32).self)
            return mallopt(-3, size) == 1
        }

        private static let vocabularySize = 151_936

        private static let modes: [DecodingMode] = [
            .exact, .coupled, .psdA(PSDA(tauT: 0.2)), .psdF(PSDF(tauQ: 0.1, tauT: 0.2)),
            .psdF(PSDF(tauQ: 0.1, tauT: 0.2, divergence: .absProb)), .budget(Budget(limit: 0.1)),
        ]

        @Test("Once warm, no token allocates anything of vocabulary size")
        func allocations() async {
            // A process of its own: here the heap may have large free blocks, which cost no fault.
            await #expect(processExitsWith: .success) {
                let tests = AllocationTests()
                for mode in AllocationTests.modes { try tests.check(mode) }
            }
        }

        private func check(_ mode: DecodingMode) throws {
            // Every block of 128 KiB comes from the system and costs a page fault per 4 KiB.
            try #require(setMappingThreshold(128 * 1024))
            let control = pageFaults()
            var array = [Float](repeating: 1, count: Self.vocabularySize)
            array[7] = 2
            try #require(pageFaults() - control > 100, "the measure sees nothing, \(array[7])")

            let models = (1...3 as ClosedRange<UInt64>).map { seed in
                FixedRowModel(vocabularySize: Self.vocabularySize, seed: seed)
            }
            let pyramid = try Pyramid(levels: models.map { Level.model($0) })
            for named in NamedSampling.all {
                let options = DecodingOptions(
                    lookaheads: [2, 4], mode: mode, sampling: named.sampling, maximumTokens: 90)
                let id = try pyramid.start(prompt: [1, 2, 3], options: options)
                while pyramid.tokens(of: id).count < 45 { _ = try pyramid.round([id]) }
                let before = pageFaults()
                while pyramid.end(of: id) == nil { _ = try pyramid.round([id]) }
                let faults = pageFaults() - before
                pyramid.finish(id)
                try #require(faults < 148, "\(faults) page faults, \(mode.name), \(named)")
            }
        }
    }

    /// A model with four rows of a large vocabulary.
    private final class FixedRowModel: LanguageModel {
        let vocabularySize: Int
        let contextSize = 1000
        let sequenceCapacity = 1
        private let rows: [[Float]]
        private var contexts: [Int] = []

        init(vocabularySize: Int, seed: UInt64) {
            self.vocabularySize = vocabularySize
            var own = RandomSource(seed: seed)
            rows = (0..<4 as Range<UInt64>).map { row in
                var base = RandomSource(seed: row)
                var logits = (0..<vocabularySize).map { _ in
                    Float(base.uniform() + 0.2 * own.uniform())
                }
                for rank in 0..<20 {
                    logits[Int(base.next() % UInt64(vocabularySize))] =
                        16 - 0.3 * Float(rank) + Float(own.uniform())
                }
                return logits
            }
        }

        func forward(_ requests: [ForwardRequest]) {
            contexts = requests.flatMap { request in
                request.tokens.suffix(request.wantedRows).map { Int($0) & 3 }
            }
        }

        func withLogits<Result>(
            request: Int, row: Int, _ body: (UnsafeBufferPointer<Float>) -> Result
        ) -> Result {
            rows[contexts[row]].withUnsafeBufferPointer(body)
        }

        func rewind(_ sequence: SequenceID, to position: Int) {}
    }
#endif
