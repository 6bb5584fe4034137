/// Which acceptance rule each level uses.
public enum DecodingMode: Sendable, Codable, Equatable {
    /// Exact rejection sampling at every level. The default.
    case exact
    /// Seed-exact coupling at every level.
    case coupled
    /// Budgeted relaxation at the target, exact below. Lossy within its bound; exact with limit 0.
    case budget(Budget)
    /// Fuzzy speculative decoding, two levels. Lossy.
    case fsd(FSD)
    /// PyramidSD, assisted variant, three levels. Lossy.
    case psdA(PSDA)
    /// PyramidSD, fuzzy variant, three levels. Lossy.
    case psdF(PSDF)

    /// The name on the command line and in every output.
    public var name: String {
        switch self {
        case .exact: "exact"
        case .coupled: "coupled"
        case .budget: "budget"
        case .fsd: "fsd"
        case .psdA: "psd-a"
        case .psdF: "psd-f"
        }
    }

    /// Whether the output may have another law than the target's.
    public var isLossy: Bool {
        switch self {
        case .exact, .coupled: false
        case .budget(let budget): budget.limit > 0
        case .fsd, .psdA, .psdF: true
        }
    }

    /// Whether the law of the output depends on which levels there are: then nobody may choose
    /// others than were asked for.
    public var dependsOnChain: Bool {
        switch self {
        case .exact, .coupled, .budget: false
        case .fsd, .psdA, .psdF: true
        }
    }

    /// The only number of levels that the mode is for, the target among them; nil if it takes any.
    public var requiredLevels: Int? {
        switch self {
        case .exact, .coupled, .budget: nil
        case .fsd: 2
        case .psdA, .psdF: 3
        }
    }

    /// Of these models, bottom first and the target last, as many as the mode is for: where there
    /// are more, the bottom one and those nearest to the target.
    public func levels<Model>(of models: [Model]) -> [Model] {
        guard let requiredLevels, models.count > requiredLevels else { return models }
        return models.prefix(1) + models.suffix(requiredLevels - 1)
    }

    /// The rules of all levels, bottom first, `[levelCount]`.
    ///
    /// - Throws: ``ConfigurationError`` when the mode is for another number of levels, or a
    ///   threshold or a budget is out of range.
    package func rules(levelCount: Int) throws(ConfigurationError) -> [any AcceptanceRule] {
        if let needed = requiredLevels, needed != levelCount {
            throw ConfigurationError(
                "mode \(name) is for \(needed) levels, and there are \(levelCount)")
        }
        switch self {
        case .exact: return Array(repeating: ExactRule(), count: levelCount)
        case .coupled: return Array(repeating: CoupledRule(), count: levelCount)
        case .budget(let budget):
            try budget.validate()
            let below: [any AcceptanceRule] = Array(repeating: ExactRule(), count: levelCount - 1)
            return below + [BudgetRule(budget: budget.limit)]
        case .fsd(let preset):
            try preset.target.validate("tau-t")
            return [ExactRule(), preset.target]
        case .psdA(let preset):
            try preset.target.validate("tau-t")
            return [ExactRule(), AssistedRule(), preset.target]
        case .psdF(let preset):
            try preset.qualifier.validate("tau-q")
            try preset.target.validate("tau-t")
            return [ExactRule(), preset.qualifier, preset.target]
        }
    }
}
