import ArgumentParser
import LlamaBackend
import PyramidDecoding

/// Which acceptance rules, and how far each level looks ahead.
struct ModeFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "exact and coupled keep the target's law; fsd, psd-a and psd-f are lossy.",
            valueName: "exact|coupled|fsd|psd-a|psd-f"))
    var mode = "exact"

    @Option(help: "psd-f: the most divergence that the qualifier accepts.")
    var tauQ = 0.4

    @Option(help: "fsd, psd-a, psd-f: the most divergence that the target accepts.")
    var tauT = 0.5

    @Option(
        help: ArgumentHelp(
            "What fsd, psd-a and psd-f compare with tau.",
            valueName: Divergence.allCases.map(\.rawValue).joined(separator: "|")))
    var divergence = "js"

    @Option(
        help: ArgumentHelp(
            "Tokens that each level below the target buffers, bottom first, such as 4,8; 0 is off.",
            valueName: "l_D,l_Q,..."))
    var lookahead: String?

    @Option(help: "The draft's lookahead; llama.cpp's name for a pyramid of two levels.")
    var specDraftNMax: Int?

    @Option(name: .customLong("draft-max"), help: .hidden)
    var removedDraftMax: Int?

    @Option(name: .customLong("draft-min"), help: .hidden)
    var removedDraftMin: Int?

    func validate() throws {
        if removedDraftMax != nil {
            throw ValidationError(
                "--draft-max has been removed, use --lookahead or --spec-draft-n-max.")
        }
        if removedDraftMin != nil {
            throw ValidationError("--draft-min has been removed, use --lookahead.")
        }
    }

    func decodingMode() throws -> DecodingMode {
        guard let divergence = Divergence(rawValue: divergence) else {
            let known = Divergence.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("Unknown --divergence '\(divergence)'; known: \(known).")
        }
        switch mode {
        case "exact": return .exact
        case "coupled": return .coupled
        case "fsd": return .fsd(FSD(tauT: tauT, divergence: divergence))
        case "psd-a": return .psdA(PSDA(tauT: tauT, divergence: divergence))
        case "psd-f": return .psdF(PSDF(tauQ: tauQ, tauT: tauT, divergence: divergence))
        default:
            throw ValidationError(
                "Unknown --mode '\(mode)'; known: exact, coupled, fsd, psd-a, psd-f.")
        }
    }

    /// One lookahead for each level below the target.
    func lookaheads(for levels: [LevelSource], mode: DecodingMode) throws -> [Int] {
        if let lookahead {
            let fields = lookahead.split(separator: ",", omittingEmptySubsequences: false)
            return try fields.map { field in
                guard let value = Int(field) else {
                    throw ValidationError("--lookahead '\(lookahead)': '\(field)' is not a number.")
                }
                return value
            }
        }
        var chosen = defaults(for: levels, mode)
        if let specDraftNMax, !chosen.isEmpty { chosen[0] = specDraftNMax }
        return chosen
    }

    /// The paper's best lengths for its presets; else short buffers, longer where proposals are
    /// free or come through a qualifier.
    private func defaults(for levels: [LevelSource], _ mode: DecodingMode) -> [Int] {
        switch mode {
        case .psdA where levels.count == 3: return [5, 25]
        case .psdF where levels.count == 3: return [15, 25]
        default: break
        }
        return levels.dropLast().enumerated().map { index, level in
            if case .ngram = level { return 8 }
            return index == 0 ? 4 : 8
        }
    }
}
