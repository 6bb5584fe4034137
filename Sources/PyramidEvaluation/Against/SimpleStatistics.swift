internal import Foundation

/// What llama-speculative-simple prints after a text.
struct SimpleStatistics: Sendable, Equatable {
    /// Tokens of the prompt.
    var promptTokens: Int
    /// The time of reading it.
    var prefillSeconds: Double
    /// Generated tokens: often more than were asked for, as it only looks after each round.
    var tokens: Int
    /// The time of generating, drafts included.
    var seconds: Double
    /// Tokens of the draft model.
    var drafted: Int
    /// Those that were accepted.
    var accepted: Int

    /// Reads the last of the statistics in all that the program printed, the text included.
    init(_ output: String) throws(AgainstError) {
        let lines = output.split(whereSeparator: \.isNewline)
        func words(_ key: String) throws(AgainstError) -> [Substring] {
            // The text comes first, and could say such things too.
            for line in lines.reversed() {
                // Lines begin with the time and a letter for their level.
                let words = line.split(whereSeparator: { " \t".contains($0) })
                if let index = words.firstIndex(where: { $0 == key }), index <= 2 {
                    return Array(words[index...])
                }
            }
            throw .unreadable(program: "llama-speculative-simple", reason: "no line '\(key)'")
        }
        func number<Number: LosslessStringConvertible>(
            _ key: String, _ index: Int
        ) throws(AgainstError) -> Number {
            let words = try words(key)
            guard index < words.count, let number = Number(String(words[index])) else {
                throw .unreadable(
                    program: "llama-speculative-simple",
                    reason: "'\(words.joined(separator: " "))' has no number \(index)")
            }
            return number
        }
        // encoded   10 tokens in    2.318 seconds, ...
        promptTokens = try number("encoded", 1)
        prefillSeconds = try number("encoded", 4)
        tokens = try number("decoded", 1)
        seconds = try number("decoded", 4)
        // n_drafted = 23
        drafted = try number("n_drafted", 2)
        accepted = try number("n_accept", 2)
    }
}
