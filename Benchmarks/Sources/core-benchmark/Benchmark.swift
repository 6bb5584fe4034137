import PyramidDecoding

/// Prints what the core itself costs per emitted token at the vocabulary of a large model.
@main
struct Benchmark {
    static let vocabularySize = 151_936
    static let tokens = 600

    static func main() throws {
        let levels = [
            StoredRows(vocabularySize: vocabularySize, seed: 1, distance: 0.6),
            StoredRows(vocabularySize: vocabularySize, seed: 2, distance: 0.4),
            StoredRows(vocabularySize: vocabularySize, seed: 3, distance: 0.2),
        ]
        print("vocabulary \(vocabularySize), \(tokens) tokens, toy levels without cost")
        print(Self.line(["mode", "lookaheads", "us/token", "tok/round", "accepted"]))
        // The first argument, if any, chooses modes by their names.
        let wanted = CommandLine.arguments.dropFirst().first ?? ""
        for run in runs where run.name.hasPrefix(wanted) {
            let models = levels.suffix(run.options.lookaheads.count + 1)
            let pyramid = try Pyramid(levels: models.map { Level.model($0) })
            // Warm, then timed.
            _ = try measure(pyramid, run.options, tokens: 30)
            print(Self.line(run, try measure(pyramid, run.options, tokens: tokens)))
        }
    }

    /// What a run of one sequence took.
    struct Measurement {
        var microsecondsPerToken: Double
        var tokensPerRound: Double
        var acceptance: Double?
    }

    private static func measure(
        _ pyramid: Pyramid<StoredRows>, _ options: DecodingOptions, tokens: Int
    ) throws -> Measurement {
        var options = options
        options.maximumTokens = tokens
        let id = try pyramid.start(prompt: [1, 2, 3], options: options)
        defer { pyramid.finish(id) }
        var rounds = 0
        let clock = ContinuousClock()
        let began = clock.now
        while pyramid.end(of: id) == nil {
            _ = try pyramid.round([id])
            rounds += 1
        }
        let time = clock.now - began
        let top = pyramid.statistics(of: id).dropLast().last
        return Measurement(
            microsecondsPerToken: time / .microseconds(1) / Double(tokens),
            tokensPerRound: Double(tokens) / Double(rounds),
            acceptance: top?.acceptanceRate)
    }

    private static func line(_ run: Run, _ measurement: Measurement) -> String {
        line([
            run.name, "\(run.options.lookaheads)", rounded(measurement.microsecondsPerToken),
            rounded(measurement.tokensPerRound), measurement.acceptance.map(rounded) ?? "-",
        ])
    }

    private static func rounded(_ value: Double) -> String {
        "\((value * 100).rounded() / 100)"
    }

    private static func line(_ columns: [String]) -> String {
        zip(columns, [34, 12, 10, 10, 10]).map { text, width in
            text + String(repeating: " ", count: max(1, width - text.count))
        }.joined()
    }
}
