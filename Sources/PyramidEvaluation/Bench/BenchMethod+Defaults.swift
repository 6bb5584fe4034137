public import PyramidDecoding

extension BenchMethod {
    /// What `pyramid bench` compares when no methods are named: plain decoding, every pair and all
    /// levels at fixed lookaheads, and automatic control with and without the lookup.
    ///
    /// - Parameters:
    ///   - all: The levels there are.
    ///   - isGreedy: Whether decoding is greedy; if not, the coupled mode is compared too.
    public static func defaults(
        for all: BenchLevels, isGreedy: Bool
    ) throws(ConfigurationError) -> [BenchMethod] {
        var methods = [try BenchMethod(lower: [], of: all)]
        for level in all.below {
            let isLookup = all.hasLookup && level == 0
            for lookahead in isLookup ? [8] : [4, 8] {
                methods.append(try BenchMethod(lower: [level], lookaheads: [lookahead], of: all))
            }
        }
        let models = Array(all.modelsBelow)
        if all.hasLookup, models.count > 1 {
            methods.append(try BenchMethod(lower: models, of: all))
        }
        if all.target > 1 {
            let lower = Array(all.below)
            for upper in [6, 8] {
                let lookaheads = lower.indices.map { $0 == 0 ? 4 : upper }
                methods.append(try BenchMethod(lower: lower, lookaheads: lookaheads, of: all))
            }
            if !isGreedy { methods.append(try BenchMethod(lower: lower, mode: .coupled, of: all)) }
        }
        if all.target > 0 {
            methods.append(try BenchMethod(lower: Array(all.below), control: .auto, of: all))
        }
        if all.hasLookup, !models.isEmpty {
            methods.append(try BenchMethod(lower: models, control: .auto, of: all))
        }
        return methods
    }

    /// The lossy modes with the parameters of their papers, as far as there are levels for them.
    public static func lossy(for all: BenchLevels) throws(ConfigurationError) -> [BenchMethod] {
        var modes: [DecodingMode] = []
        if !all.modelsBelow.isEmpty { modes.append(.fsd(FSD())) }
        if all.modelsBelow.count > 1 { modes += [.psdA(PSDA()), .psdF(PSDF())] }
        if all.target > 0 { modes.append(.budget(Budget())) }
        var methods: [BenchMethod] = []
        for mode in modes {
            methods.append(try BenchMethod(lower: levels(for: mode, all), mode: mode, of: all))
        }
        return methods
    }
}
