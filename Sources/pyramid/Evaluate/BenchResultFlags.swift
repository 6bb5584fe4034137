import ArgumentParser

/// Where results go.
struct BenchResultFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Write one JSON object for each run to this file, at once.", valueName: "file"))
    var json: String?

    @Flag(help: "Go on with the file of --json: runs that are in it are not repeated.")
    var resume = false

    @Flag(help: "Write also what automatic control chose for each round to the file of --json.")
    var plans = false

    @Flag(
        help: """
            Measure the peak memory of each set of levels first, with 'pyramid generate' in a \
            process of its own.
            """)
    var memory = false

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Run nothing; print the tables of these files.", valueName: "file"))
    var report: [String] = []

    func validate() throws {
        guard json != nil || !resume else { throw ValidationError("--resume needs --json FILE") }
        guard json != nil || !plans else { throw ValidationError("--plans needs --json FILE") }
    }
}
