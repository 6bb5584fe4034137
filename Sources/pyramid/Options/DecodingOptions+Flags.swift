import PyramidBackends
import PyramidDecoding

extension DecodingOptions {
    /// What the flags of a command that decodes say, checked before anything is loaded.
    ///
    /// - Throws: When flags do not go together, or not with these levels, bottom first.
    init(
        _ mode: ModeFlags, _ control: ControlFlags, _ sampling: SamplingFlags,
        levels: [LevelSource], maximumTokens: Int
    ) throws {
        let decodingMode = try mode.decodingMode()
        self.init(
            lookaheads: try mode.lookaheads(for: levels, mode: decodingMode),
            control: try control.choice(
                ControlledRun(
                    mode: decodingMode, hasLookaheads: mode.hasLookaheads,
                    hasSeed: sampling.hasSeed && sampling.temperature > 0)),
            mode: decodingMode, sampling: try sampling.sampling(), maximumTokens: maximumTokens)
        try validate(levelCount: levels.count)
        _ = try decodingMode.rules(levelCount: levels.count)
    }
}
