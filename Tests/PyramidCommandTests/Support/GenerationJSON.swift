import Foundation

/// What `generate --json` prints, as far as the tests look at it.
struct GenerationJSON: Decodable {
    struct Level: Decodable {
        var model: String
        var backend: String?
        var lookahead: Int?
        var written: Int
        var forwards: Int
    }

    struct Plan: Decodable {
        var tokens: Int
        var seconds: Double
        var levels: [String]
        var lookaheads: [Int]
        var promisedTokensPerSecond: Double
        var isProbe: Bool
    }

    struct Token: Decodable {
        var id: Int
        var level: Int
        var kind: String
    }

    var text: String
    var mode: String
    var control: String
    var explanation: [String]?
    var plans: [Plan]
    var isLossy: Bool
    var budget: Double?
    var meanTotalVariation: Double?
    var finishReason: String
    var promptTokens: Int
    var generatedTokens: Int
    var levels: [Level]
    var tokens: [Token]

    init(_ run: CommandRun) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = try decoder.decode(Self.self, from: Data(run.output))
    }
}
