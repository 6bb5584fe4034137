import ArgumentParser
import PyramidEvaluation

/// What is compared, and how often.
struct BenchMethodFlags: ParsableArguments {
    @Option(
        name: .customLong("method"),
        help: ArgumentHelp(
            """
            A method, as described above; repeatable. 'default' stands for the default ones. \
            (default: plain, each pair at fixed lookaheads, all levels at fixed lookaheads, auto, \
            auto without ngram; coupled too with --temp above 0)
            """, valueName: "spec"))
    var specs: [String] = []

    @Flag(help: "Add the lossy modes with their papers' parameters, and budget(0.02).")
    var lossy = false

    @Option(
        name: .customLong("repeat"), parsing: .unconditional,
        help: "How often each method decodes each prompt.")
    var repetitions = 1

    func validate() throws {
        guard repetitions >= 1 else {
            throw ValidationError("--repeat \(repetitions) is not 1 or more")
        }
    }

    /// The methods, each once; plain decoding is among them, since all are compared with it.
    func methods(of all: BenchLevels, isGreedy: Bool) throws -> [BenchMethod] {
        var methods = [try BenchMethod(spec: BenchSummary.baseline, levels: all)]
        for spec in specs.isEmpty ? ["default"] : specs {
            methods +=
                spec == "default"
                ? try BenchMethod.defaults(for: all, isGreedy: isGreedy)
                : [try BenchMethod(spec: spec, levels: all)]
        }
        if lossy { methods += try BenchMethod.lossy(for: all) }
        var names: Set<String> = []
        return methods.filter { names.insert($0.name).inserted }
    }
}
