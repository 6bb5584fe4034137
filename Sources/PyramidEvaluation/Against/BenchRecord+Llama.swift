internal import PyramidDecoding

extension BenchRecord {
    /// What llama-server says.
    mutating func set(_ completion: LlamaCompletion) {
        let timings = completion.timings
        promptTokens = completion.tokensEvaluated
        generatedTokens = timings.predictedN
        prefillSeconds = (timings.promptMs - timings.firstTokenMs) / 1e3
        decodeSeconds = (timings.predictedMs + timings.firstTokenMs) / 1e3
        textHash = TextHash.of(completion.tokens)
        finishReason = Self.reason(completion.stopType)
        setDrafted(timings.draftN ?? 0, accepted: timings.draftNAccepted ?? 0)
    }

    /// What llama-speculative-simple says.
    mutating func set(_ statistics: SimpleStatistics, tokens: Int) {
        promptTokens = statistics.promptTokens
        generatedTokens = statistics.tokens
        prefillSeconds = statistics.prefillSeconds
        decodeSeconds = statistics.seconds
        finishReason = statistics.tokens < tokens ? "end" : "length"
        setDrafted(statistics.drafted, accepted: statistics.accepted)
    }

    /// Of a method with a draft model, that level's counts; of an n-gram mode there is no level.
    private mutating func setDrafted(_ drafted: Int, accepted: Int) {
        guard levels.count == 2 else { return }
        var draft = LevelStatistics()
        draft.proposed = drafted
        draft.accepted = accepted
        levelStatistics = [LevelRecord(draft), LevelRecord(LevelStatistics())]
    }

    private static func reason(_ stopType: String) -> String {
        switch stopType {
        case "eos": "end"
        case "limit": "length"
        default: "stop"
        }
    }
}
