import ArgumentParser
import PyramidBackends
import PyramidDecoding

/// Which acceptance rules, and how far each level looks ahead.
struct ModeFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            exact and coupled keep the target's law; budget is lossy within a stated bound, fsd, \
            psd-a and psd-f without one.
            """,
            valueName: "exact|coupled|budget|fsd|psd-a|psd-f"))
    var mode = "exact"

    @Option(
        parsing: .unconditional,
        help: """
            budget: how far the law of the text may be from the target's, 0 (exact) to 1: the \
            mean total variation per token. (default: 0.02)
            """)
    var budget: Double?

    @Option(
        parsing: .unconditional,
        help: "psd-f: the most divergence that the qualifier accepts. (default: 0.4)")
    var tauQ: Double?

    @Option(
        parsing: .unconditional,
        help: """
            fsd, psd-a, psd-f: the most divergence that the target accepts. (default: 0.5, and \
            0.4 for fsd)
            """)
    var tauT: Double?

    @Option(
        help: ArgumentHelp(
            "What fsd, psd-a and psd-f compare with tau. (default: js)",
            valueName: Divergence.allCases.map(\.rawValue).joined(separator: "|")))
    var divergence: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            Tokens that each level below the target buffers, bottom first, such as 4,8, in every \
            round. (default: automatic; with --control fixed 4,6; 4 for a draft alone, 8 for ngram alone; psd-a: 5,25; \
            psd-f: 15,25)
            """,
            valueName: "l_D,l_Q,..."))
    var lookahead: String?

    @Option(
        parsing: .unconditional,
        help: "The draft's lookahead; llama.cpp's name for a pyramid of two levels.")
    var specDraftNMax: Int?

    @Option(name: .customLong("draft-max"), parsing: .unconditional, help: .hidden)
    var removedDraftMax: String?

    @Option(name: .customLong("draft-min"), parsing: .unconditional, help: .hidden)
    var removedDraftMin: String?

    func validate() throws {
        if removedDraftMax != nil {
            throw ValidationError(
                "--draft-max has been removed, use --lookahead or --spec-draft-n-max")
        }
        if removedDraftMin != nil {
            throw ValidationError("--draft-min has been removed, use --lookahead")
        }
        guard lookahead == nil || specDraftNMax == nil else {
            throw ValidationError("Give --lookahead or --spec-draft-n-max, not both")
        }
        // A threshold that nobody reads would pass for one that is kept.
        let isFuzzy = try decodingMode().dependsOnChain
        guard isFuzzy || tauT == nil else {
            throw ValidationError("--tau-t needs --mode fsd, psd-a or psd-f")
        }
        guard isFuzzy || divergence == nil else {
            throw ValidationError("--divergence needs --mode fsd, psd-a or psd-f")
        }
        guard mode == "psd-f" || tauQ == nil else {
            throw ValidationError("--tau-q needs --mode psd-f")
        }
        guard mode == "budget" || budget == nil else {
            throw ValidationError("--budget needs --mode budget")
        }
    }

    func decodingMode() throws -> DecodingMode {
        let name = divergence ?? Divergence.js.rawValue
        guard let divergence = Divergence(rawValue: name) else {
            let known = Divergence.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("Unknown --divergence '\(name)'; known: \(known)")
        }
        switch mode {
        case "exact": return .exact
        case "coupled": return .coupled
        case "budget": return .budget(budget.map { Budget(limit: $0) } ?? Budget())
        case "fsd": return .fsd(FSD(tauT: tauT ?? 0.4, divergence: divergence))
        case "psd-a": return .psdA(PSDA(tauT: tauT ?? 0.5, divergence: divergence))
        case "psd-f":
            return .psdF(PSDF(tauQ: tauQ ?? 0.4, tauT: tauT ?? 0.5, divergence: divergence))
        default:
            throw ValidationError(
                "Unknown --mode '\(mode)'; known: exact, coupled, budget, fsd, psd-a, psd-f")
        }
    }

    /// Whether the user chose lookaheads.
    var hasLookaheads: Bool { lookahead != nil || specDraftNMax != nil }

    /// One lookahead for each level below the target.
    func lookaheads(for levels: [LevelSource], mode: DecodingMode) throws -> [Int] {
        if let lookahead {
            let fields = lookahead.split(separator: ",", omittingEmptySubsequences: false)
            return try fields.map { field in
                guard let value = Int(field) else {
                    throw ValidationError("--lookahead '\(lookahead)': '\(field)' is not a number")
                }
                return try checked(value, "--lookahead \(lookahead)")
            }
        }
        var chosen = mode.usualLookaheads(
            levelsBelow: levels.count - 1, hasLookup: levels.first == .ngram)
        if let specDraftNMax, !chosen.isEmpty {
            chosen[0] = try checked(specDraftNMax, "--spec-draft-n-max \(specDraftNMax)")
        }
        return chosen
    }

    /// The core takes 0 for a level that is off; somebody who types it is better told.
    private func checked(_ value: Int, _ flag: String) throws -> Int {
        let longest = DecodingOptions.longestLookahead
        guard (1...longest).contains(value) else {
            throw ValidationError(
                "\(flag): \(value) is not 1 to \(longest); to do without a level, do not name it")
        }
        return value
    }
}
