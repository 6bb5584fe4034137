/// Which acceptance rule each level uses.
public enum DecodingMode: Sendable, Codable, Equatable {
    /// Exact rejection sampling at every level. The default.
    case exact
    /// Seed-exact coupling at every level.
    case coupled
    /// Fuzzy speculative decoding, two levels. Lossy.
    case fsd(FSD)
    /// PyramidSD, assisted variant, three levels. Lossy.
    case psdA(PSDA)
    /// PyramidSD, fuzzy variant, three levels. Lossy.
    case psdF(PSDF)
    /// A rule for each level from the bottom, for experiments; the bottom's only draws.
    case custom([AcceptanceRule])

    /// The name on the command line and in every output.
    public var name: String {
        switch self {
        case .exact: "exact"
        case .coupled: "coupled"
        case .fsd: "fsd"
        case .psdA: "psd-a"
        case .psdF: "psd-f"
        case .custom: "custom"
        }
    }

    /// Whether the output may have another law than the target's. Only the target's own rule
    /// decides, since every proposal carries its true law upward.
    public func isLossy(levelCount: Int) throws(ConfigurationError) -> Bool {
        guard levelCount > 1 else { return false }
        return try rules(levelCount: levelCount).last?.preservesLaw == false
    }

    /// The rules of all levels, bottom first, `[levelCount]`.
    ///
    /// - Throws: ``ConfigurationError`` when the mode is for another number of levels, or a
    ///   threshold is out of range.
    public func rules(levelCount: Int) throws(ConfigurationError) -> [AcceptanceRule] {
        let exact = AcceptanceRule.exact(ExactRule())
        switch self {
        case .exact: return Array(repeating: exact, count: levelCount)
        case .coupled:
            return Array(repeating: .coupled(CoupledRule()), count: levelCount)
        case .fsd(let preset):
            try requireLevels(2, levelCount)
            try preset.target.validate("tau-t")
            return [exact, .fuzzy(preset.target)]
        case .psdA(let preset):
            try requireLevels(3, levelCount)
            try preset.target.validate("tau-t")
            return [exact, .assisted(AssistedRule()), .fuzzy(preset.target)]
        case .psdF(let preset):
            try requireLevels(3, levelCount)
            try preset.qualifier.validate("tau-q")
            try preset.target.validate("tau-t")
            return [exact, .fuzzy(preset.qualifier), .fuzzy(preset.target)]
        case .custom(let rules):
            try requireLevels(rules.count, levelCount)
            return rules
        }
    }

    private func requireLevels(_ needed: Int, _ found: Int) throws(ConfigurationError) {
        guard needed == found else {
            throw ConfigurationError(
                "mode \(name) is for \(needed) levels, and there are \(found)")
        }
    }
}
