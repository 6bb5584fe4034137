import ArgumentParser

/// How much is generated, and what is shown.
struct OutputFlags: ParsableArguments {
    @Option(
        name: [.customShort("n"), .customLong("n-predict")], parsing: .unconditional,
        help: "The most tokens; -1 is until the context is full.")
    var predict = 512

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("End the text before this string; repeatable.", valueName: "text"))
    var stop: [String] = []

    @Flag(help: "Go on after the model has ended its text.")
    var ignoreEos = false

    @Flag(help: "Paint each token by the level that wrote it.")
    var color = false

    @Flag(help: "Print one JSON object instead of text and table.")
    var json = false

    @Flag(help: "Print no statistics.")
    var noStats = false

    @Flag(help: "Decode again plainly and with two levels, and compare texts and speed.")
    var compare = false

    func validate() throws {
        guard predict >= 1 || predict == -1 else {
            throw ValidationError("--n-predict \(predict) is not 1 or more, nor -1")
        }
        guard !(json && compare) else {
            throw ValidationError("--json and --compare do not go together")
        }
    }

    var showsProgress: Bool { !json && !noStats }

    var maximumTokens: Int { predict == -1 ? Int(Int32.max) : predict }
}
