import Foundation
import Testing

/// A line of a results file, as far as the tests look at it.
struct RecordLine: Decodable {
    struct Model: Decodable {
        var name: String
    }

    var type: String
    var models: [Model]?
    var method: String?
    var cell: String?
    var promptId: String?
    var generatedTokens: Int?
    var textHash: String?
    var tokens: Count?
    var levels: [String]?
    var lookaheads: [Int]?
    var seconds: Double?
    var predictedTokensPerSecond: Double?

    /// The lines of a file.
    static func read(_ path: String) throws -> [RecordLine] {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.hasSuffix("\n"))
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try text.split(separator: "\n").map {
            try decoder.decode(Self.self, from: Data($0.utf8))
        }
    }

    /// How many tokens: a number in some records and a list in others.
    struct Count: Decodable {
        var value: Int

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Int.self) {
                value = number
            } else {
                value = try container.decode([Int].self).count
            }
        }
    }
}
