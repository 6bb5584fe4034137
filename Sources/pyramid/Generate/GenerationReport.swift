import Foundation
import LlamaBackend
import PyramidBackends
import PyramidDecoding
import PyramidEngine

/// What a generation did, as `--json` prints it and the table shows it.
struct GenerationReport: Codable {
    /// One level, bottom first.
    struct LevelReport: Codable {
        var model: String
        /// Who computes it; `nil` for a lookup.
        var backend: Backend?
        /// How many of the target's tokens it knows, where not all.
        var knownTokens: Int?
        var lookahead: Int?
        var batchInvariant: Bool?
        var forwards: Int
        var rows: Int
        var milliseconds: Double
        var prefillTokens: Int
        var prefillMilliseconds: Double
        var proposed: Int
        var tested: Int
        var accepted: Int
        /// Tests that failed because the level does not know the token that came instead.
        var unknown: Int
        var verifications: Int
        var acceptanceRate: Double?
        var agreementRate: Double?
        var meanOverlap: Double?
        var meanAcceptanceLength: Double?
        var acceptedLengths: [Int]
        var drawn: Int
        var corrected: Int
        var bonus: Int
        var written: Int
    }

    /// A generated token and who wrote it.
    struct TokenReport: Codable {
        var id: TokenID
        var level: Int
        var kind: Authorship.Kind
    }

    /// A round's choice by automatic control.
    struct PlanReport: Codable {
        var tokens: Int
        var seconds: Double
        var levels: [String]
        var lookaheads: [Int]
        var promisedTokensPerSecond: Double
        var isProbe: Bool
    }

    var text = ""
    var mode: String
    var control: LookaheadControl
    /// What automatic control chose and why, in sentences; `nil` under fixed control.
    var explanation: [String]?
    /// Its choice for each round.
    var plans: [PlanReport]
    var isLossy: Bool
    /// The most mean total variation per token; `nil` in modes without a bound.
    var budget: Double?
    /// The mean total variation per token between the law it was drawn from and the target's.
    var meanTotalVariation: Double?
    var isGreedy: Bool
    var seed: UInt64
    var finishReason: FinishReason
    var promptTokens: Int
    var generatedTokens: Int
    var prefillMilliseconds: Double
    var decodingMilliseconds: Double
    var tokensPerSecond: Double?
    var memoryBytes: Int
    /// Why exact modes are exact only up to ties; `nil` where they are exact to the bit.
    var tieWarning: String?
    var levels: [LevelReport]
    var tokens: [TokenReport]

    init(_ session: GenerationSession, _ result: GenerationResult) {
        mode = session.options.mode.name
        control = session.options.control
        explanation = result.explanation?.words(names: session.names)
        plans = result.plans.map { plan in
            PlanReport(
                tokens: plan.tokens, seconds: plan.time / .seconds(1),
                levels: session.names.enumerated().filter { level, _ in
                    level == session.names.count - 1 || plan.lookaheads[level] > 0
                }.map(\.element),
                lookaheads: plan.lookaheads, promisedTokensPerSecond: plan.promisedTokensPerSecond,
                isProbe: plan.isProbe)
        }
        isLossy = session.options.mode.isLossy
        if case .budget(let given) = session.options.mode { budget = given.limit }
        meanTotalVariation = result.meanTotalVariation
        isGreedy = session.options.sampling.isGreedy
        seed = session.options.sampling.seed
        finishReason = result.reason
        promptTokens = result.promptTokens
        generatedTokens = result.tokens.count
        prefillMilliseconds = result.prefillTime / .milliseconds(1)
        decodingMilliseconds = result.decodingTime / .milliseconds(1)
        tokensPerSecond = result.tokensPerSecond
        memoryBytes = session.loaded.memory.totalBytes
        let reasons = zip(session.names, session.loaded.batchInvariance).compactMap {
            name, invariance in
            if case .unknown(let reason) = invariance { "\(name): \(reason)" } else { nil }
        }
        tieWarning = reasons.isEmpty ? nil : reasons.joined(separator: "; ")
        tokens = result.tokens.map {
            TokenReport(id: $0.token, level: $0.author.level, kind: $0.author.kind)
        }
        let isFixed = control == .fixed
        levels = result.levels.enumerated().map { index, level in
            LevelReport(
                model: session.names[index], backend: session.loaded.backends[index]?.backend,
                knownTokens: session.loaded.vocabularies[index]?.knownCount,
                lookahead: index < session.options.lookaheads.count && isFixed
                    ? session.options.lookaheads[index] : nil,
                batchInvariant: session.loaded.batchInvariance[index].map { $0 == .guaranteed },
                forwards: level.forwards, rows: level.rows,
                milliseconds: level.time / .milliseconds(1), prefillTokens: level.prefillRows,
                prefillMilliseconds: level.prefillTime / .milliseconds(1),
                proposed: level.proposed, tested: level.tested, accepted: level.accepted,
                unknown: level.unknown,
                verifications: level.verifications, acceptanceRate: level.acceptanceRate,
                agreementRate: level.agreementRate, meanOverlap: level.meanOverlap,
                meanAcceptanceLength: level.meanAcceptanceLength,
                acceptedLengths: level.acceptedLengths, drawn: level.drawn,
                corrected: level.corrected, bonus: level.bonus, written: level.written)
        }
    }

    /// The report as one line of JSON.
    func json(text: String) throws -> String {
        var copy = self
        copy.text = text
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(copy), as: UTF8.self)
    }
}
