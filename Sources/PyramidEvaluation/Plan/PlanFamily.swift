public import PyramidDecoding

/// A family of levels on paper: what a plan is made from.
public struct PlanFamily: Sendable, Equatable {
    /// The levels, bottom first, the target last.
    public var levels: [PlanLevel]
    /// The agreements of all pairs; of two for one pair the later counts.
    public var agreements: [PlanAgreement]
    /// How often the lookup has something to propose, 0 ... 1; `nil` without one.
    public var hitRate: Double?
    /// What runs them.
    public var machine = PlanMachine()

    /// A family with these values.
    public init(levels: [PlanLevel], agreements: [PlanAgreement], hitRate: Double? = nil) {
        self.levels = levels
        self.agreements = agreements
        self.hitRate = hitRate
    }

    /// Those that count, one for each pair.
    public var effectiveAgreements: [PlanAgreement] {
        agreements.indices.filter { index in
            !agreements[(index + 1)...].contains {
                $0.lower == agreements[index].lower && $0.upper == agreements[index].upper
            }
        }.map { agreements[$0] }
    }

    /// What the planner of automatic control is given, as if it had been measured.
    ///
    /// - Throws: `ConfigurationError` naming what is missing or wrong, and the way out.
    public func problem() throws(ConfigurationError) -> ChainProblem {
        try checkLevels()
        try checkLookup()
        var costs: [[Double]] = []
        for level in levels {
            var row: [Double] = []
            for rows in 0...(ChainProblem.longestBuffer + 1) {
                row.append(try machine.seconds(level, rows: rows))
            }
            costs.append(row)
        }
        return ChainProblem(
            costs: costs, acceptance: try acceptance(), lookupHitRate: hitRate)
    }

    private func checkLevels() throws(ConfigurationError) {
        guard let target = levels.last, target.cost != .lookup else {
            throw ConfigurationError(
                "there is no target: the last --level must be a model, such as --level 8B:12.5ms")
        }
        guard levels.count <= 8 else {
            throw ConfigurationError("\(levels.count) levels are too many to plan; at most 8")
        }
        let names = levels.map(\.name)
        if let name = names.first(where: { name in names.count { $0 == name } > 1 }) {
            throw ConfigurationError("two levels are named '\(name)'; name them differently")
        }
        if levels.dropFirst().contains(where: { $0.cost == .lookup }) {
            throw ConfigurationError("'ngram' is not the bottom level; give it first")
        }
    }

    private func checkLookup() throws(ConfigurationError) {
        guard levels.first?.cost == .lookup else {
            guard hitRate == nil else {
                throw ConfigurationError(
                    "--hit-rate is the lookup's; give --level ngram first, or leave it out")
            }
            return
        }
        guard let hitRate, (0...1).contains(hitRate) else {
            throw ConfigurationError(
                hitRate.map { "--hit-rate \($0) is not within 0 ... 1" }
                    ?? "the level 'ngram' needs --hit-rate, 0 ... 1, such as 0.3")
        }
    }

    private func acceptance() throws(ConfigurationError) -> [[[Double]]] {
        let names = levels.map(\.name)
        var table = levels.map { _ in levels.map { _ in [0.0] } }
        var isKnown = levels.map { _ in levels.map { _ in false } }
        for agreement in agreements {
            let lower = try index(of: agreement.lower, agreement)
            let upper = try index(of: agreement.upper, agreement)
            guard lower < upper else {
                throw ConfigurationError(
                    "agreement '\(agreement.lower),\(agreement.upper)': '\(agreement.lower)' is not "
                        + "below '\(agreement.upper)'; the levels, bottom first, are "
                        + names.joined(separator: ", "))
            }
            table[upper][lower] = [agreement.probability]
            isKnown[upper][lower] = true
        }
        var missing: [String] = []
        for upper in names.indices {
            for lower in 0..<upper where !isKnown[upper][lower] {
                missing.append("--agree \(names[lower]),\(names[upper])=0.7")
            }
        }
        guard missing.isEmpty else {
            throw ConfigurationError(
                "not all agreements are given; add, with your figures: "
                    + missing.joined(separator: " "))
        }
        return table
    }

    private func index(
        of name: String, _ agreement: PlanAgreement
    ) throws(ConfigurationError) -> Int {
        guard let index = levels.firstIndex(where: { $0.name == name }) else {
            throw ConfigurationError(
                "agreement '\(agreement.lower),\(agreement.upper)': there is no level '\(name)'; "
                    + "known: \(levels.map(\.name).joined(separator: ", "))")
        }
        return index
    }
}
