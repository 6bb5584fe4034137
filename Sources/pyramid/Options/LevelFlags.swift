import ArgumentParser
import PyramidBackends
import PyramidDecoding

/// Which models form the levels.
struct LevelFlags: ParsableArguments {
    @Option(
        name: [.short, .long],
        help: "The target: a GGUF file, or the first part of a split one. [LLAMA_ARG_MODEL]")
    var model: String?

    @Option(
        name: [.customLong("mq", withSingleDash: true), .long],
        help: "The qualifier between draft and target: a GGUF file.")
    var modelQualifier: String?

    @Option(
        name: [.customLong("md", withSingleDash: true), .long],
        help: "The draft: a GGUF file, or 'ngram' for prompt lookup without a model.")
    var modelDraft: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A level, from the bottom to the target; repeat it for any depth.",
            valueName: "file|ngram"))
    var level: [String] = []

    @Option(
        name: .long,
        help: """
            A family of the catalogue (see 'pyramid models'); for fsd, psd-a and psd-f its bottom \
            model and those nearest to the target.
            """)
    var family: String?

    /// The levels, bottom first; only the bottom one can be a lookup.
    func sources() throws -> [LevelSource] {
        let sources = try namedSources()
        guard !sources.contains(where: { $0.path == "" }) else {
            throw ValidationError("A level's path is empty; name a GGUF file")
        }
        guard sources.last != .ngram else {
            throw ValidationError("The target is 'ngram'; it must be a GGUF file")
        }
        guard !sources.dropFirst().contains(.ngram) else {
            throw ValidationError("'ngram' is above another level; it can only be the bottom one")
        }
        return sources
    }

    /// The levels for a mode: of a family those that the mode is for, else all that are named.
    func sources(for mode: DecodingMode) throws -> [LevelSource] {
        let all = try sources()
        return family == nil ? all : all.forMode(mode)
    }

    private func namedSources() throws -> [LevelSource] {
        let named = [modelDraft, modelQualifier, model].compactMap { $0 }
        let ways = [!named.isEmpty, !level.isEmpty, family != nil].filter { $0 }.count
        guard ways <= 1 else {
            throw ValidationError(
                "Give the levels by -m/-mq/-md, by --level or by --family, not by two")
        }
        if let family { return try FamilyLevels(family).sources() }
        if !level.isEmpty { return level.map { LevelSource($0) } }
        let inherited = Environment.variables["LLAMA_ARG_MODEL"].flatMap { $0.isEmpty ? nil : $0 }
        guard let target = model ?? inherited else {
            throw ValidationError("No model: give -m FILE, --level or --family NAME")
        }
        return [modelDraft, modelQualifier, target].compactMap { $0 }.map { LevelSource($0) }
    }
}
