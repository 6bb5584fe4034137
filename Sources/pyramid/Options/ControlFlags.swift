import ArgumentParser
import PyramidDecoding

/// Who chooses the chain and the lookaheads, and whether the choice is explained.
struct ControlFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            auto chooses the levels and their lookaheads before every round by what was measured; \
            fixed keeps to --lookahead. (default: auto; fixed with --lookahead, with fsd, psd-a \
            and psd-f, and where --seed is to fix the text of a sampled exact or budget run)
            """, valueName: "auto|fixed"))
    var control: String?

    @Flag(help: "Say what automatic control chose, and why.")
    var explain = false

    func validate() throws {
        guard let control, LookaheadControl(rawValue: control) == nil else { return }
        throw ValidationError("Unknown --control '\(control)'; known: auto, fixed")
    }

    /// Who is in control of a run.
    ///
    /// - Throws: When automatic control is asked for together with what it cannot keep.
    func choice(_ run: ControlledRun) throws -> LookaheadControl {
        guard let control, let asked = LookaheadControl(rawValue: control) else {
            return run.isFixedByDefault ? .fixed : .auto
        }
        guard asked == .auto else { return .fixed }
        guard !run.hasLookaheads else {
            throw ValidationError(
                "--control auto chooses the lookaheads; leave out --lookahead and "
                    + "--spec-draft-n-max, or use --control fixed")
        }
        guard !run.mode.dependsOnChain else {
            throw ValidationError(
                "--control auto is for exact, coupled and budget; another chain would give "
                    + "--mode \(run.mode.name) another law; use --control fixed")
        }
        return .auto
    }
}

/// What decides who is in control by default.
struct ControlledRun {
    var mode: DecodingMode
    /// Whether the user gave lookaheads.
    var hasLookaheads: Bool
    /// Whether the user gave a seed for a run that draws.
    var hasSeed: Bool

    /// Whether it is under fixed control where the user does not say it.
    var isFixedByDefault: Bool {
        LookaheadControl.usual(mode: mode, hasLookaheads: hasLookaheads, drawsBySeed: hasSeed)
            == .fixed
    }
}
