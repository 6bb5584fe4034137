internal import PyramidDecoding
internal import PyramidEngine

extension BenchRecord {
    /// What tells a run from all others of a bench.
    public struct Key: Sendable, Hashable {
        /// The method's name.
        public var method: String
        /// The prompt.
        public var promptId: String
        /// Which of the repetitions.
        public var repetition: Int

        /// The run of a prompt by a method.
        public init(method: String, promptId: String, repetition: Int) {
            self.method = method
            self.promptId = promptId
            self.repetition = repetition
        }
    }

    /// What tells this run from all others of its bench.
    public var key: Key { Key(method: method, promptId: promptId, repetition: repetition) }

    mutating func setMode(_ mode: DecodingMode) {
        self.mode = mode.name
        modeParameters = mode.parameters
        divergence = mode.divergence
        isLossy = mode.isLossy
    }

    mutating func set(_ result: GenerationResult, _ statistics: [LevelStatistics]) {
        promptTokens = result.promptTokens
        generatedTokens = result.tokens.count
        prefillSeconds = result.prefillTime / .seconds(1)
        decodeSeconds = result.decodingTime / .seconds(1)
        levelStatistics = statistics.map { LevelRecord($0) }
        meanTotalVariation = result.meanTotalVariation
        textHash = TextHash.of(result.tokens.map(\.token))
        finishReason = result.reason.rawValue
    }
}
