import Grammar
import PyramidDecoding

extension DecodingOptions {
    /// How a request is decoded: what it says, and the server's defaults for the rest.
    ///
    /// - Throws: ``APIError`` for what does not go together or not with these levels.
    init(
        _ parameters: CompletionParameters, topLogs: Int?, _ model: ServedModel
    ) throws(APIError) {
        let asked = parameters.speculation
        let defaults = model.defaults
        self = defaults.decoding
        self.topLogs = topLogs
        sampling = parameters.sampling
        if !parameters.hasSeed { sampling.seed = UInt64.random(in: 0...UInt64(UInt32.max)) }
        maximumTokens = parameters.maximumTokens ?? defaults.maximumTokens ?? model.contextSize
        let levelsBelow = model.levels.count - 1
        mode = asked.mode ?? mode
        if let given = asked.lookaheads {
            guard given.count == levelsBelow else {
                throw APIError(
                    .invalidRequest,
                    "'speculative.lookahead' has \(given.count) numbers; the levels below the "
                        + "target are \(levelsBelow): \(model.levels.dropLast().joined(separator: ", "))",
                    parameter: "speculative.lookahead")
            }
            lookaheads = given
        } else if asked.mode != nil {
            lookaheads = mode.usualLookaheads(levelsBelow: levelsBelow, hasLookup: model.hasLookup)
        }
        if let levels = asked.levels {
            let chosen = try Self.indices(of: levels, model)
            let below = chosen.subtracting([levelsBelow])
            if mode.requiredLevels == below.count + 1, asked.lookaheads == nil {
                lookaheads = mode.usualLookaheads(levelsBelow: below.count, hasLookup: false)
                    .spread(over: levelsBelow, at: below)
            }
            for level in 0..<levelsBelow where !below.contains(level) { lookaheads[level] = 0 }
        } else if let needed = mode.requiredLevels, needed <= levelsBelow, asked.lookaheads == nil {
            // The bottom model and those nearest to the target, as the command line takes them.
            let chosen = Set(mode.levels(of: Array((model.hasLookup ? 1 : 0)...levelsBelow)))
            lookaheads = mode.usualLookaheads(levelsBelow: needed - 1, hasLookup: false)
                .spread(over: levelsBelow, at: chosen)
        }
        if !asked.isEnabled {
            lookaheads = lookaheads.map { _ in 0 }
            mode = mode.isLossy ? .exact : mode
        }
        let hasLookaheads =
            asked.lookaheads != nil || (asked.mode == nil && defaults.hasLookaheads)
        let usual = LookaheadControl.usual(
            mode: mode, hasLookaheads: hasLookaheads || !asked.isEnabled,
            drawsBySeed: parameters.hasSeed && sampling.temperature > 0)
        control = defaults.decoding.control == .fixed ? .fixed : usual
        do {
            try validate(levelCount: model.levels.count)
            _ = try rules(levelCount: model.levels.count)
        } catch {
            throw APIError(.invalidRequest, "\(error)", parameter: "speculative")
        }
    }

    private static func indices(
        of names: [String], _ model: ServedModel
    ) throws(APIError) -> Set<Int> {
        var indices: Set<Int> = []
        for name in names {
            guard let index = model.levels.firstIndex(of: name) else {
                throw APIError(
                    .invalidRequest,
                    "'speculative.levels' names '\(name)'; the levels are "
                        + model.levels.joined(separator: ", "),
                    parameter: "speculative.levels")
            }
            indices.insert(index)
        }
        return indices
    }
}

extension [Int] {
    /// These numbers at the given places, in order, and 0 at all others.
    fileprivate func spread(over count: Int, at places: Set<Int>) -> [Int] {
        var rest = self[...]
        return (0..<count).map { places.contains($0) ? rest.popFirst() ?? 0 : 0 }
    }
}
