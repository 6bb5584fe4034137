public import PyramidDecoding

/// What every chain of a family promises, and from which agreement on each level pays.
public struct PlanReport: Sendable, Codable, Equatable {
    /// A chain of levels with its best lookaheads.
    public struct Chain: Sendable, Codable, Equatable {
        /// The names of the levels that are on, bottom first.
        public let levels: [String]
        /// The lookaheads of all but the target, bottom first.
        public let lookaheads: [Int]
        /// Tokens per second by the planner.
        public let predicted: Double
        /// Times the target's alone.
        public let ratioToPlain: Double
        /// Tokens per second of the simulation.
        public let simulated: Double
        /// Their standard error.
        public let standardError: Double
        /// How much more the planner promises than the simulation finds, in percent.
        public let differencePercent: Double
    }

    /// Where a level starts to pay.
    public struct Threshold: Sendable, Codable, Equatable {
        /// The level.
        public let level: String
        /// Who verifies it in the best chain that has it.
        public let verifier: String
        /// The agreement that is assumed.
        public let agreement: Double
        /// The least agreement at which that chain is as fast as the best without the level; `nil`
        /// when none is enough.
        public let neededAgreement: Double?
    }

    /// What was assumed, one for each pair.
    public let agreements: [PlanAgreement]
    /// All chains, the fastest by the planner first.
    public let chains: [Chain]
    /// One for each level below the target, bottom first.
    public let thresholds: [Threshold]

    /// Plans a family and simulates each of its chains.
    ///
    /// - Parameters:
    ///   - family: What is assumed.
    ///   - rounds: Rounds of the target in each simulation.
    ///   - seed: Of the first simulation; each further one has the next.
    /// - Throws: `ConfigurationError` when the family lacks something.
    public init(
        _ family: PlanFamily, rounds: Int = 20_000, seed: UInt64 = 0
    ) throws(ConfigurationError) {
        let problem = try family.problem()
        let names = family.levels.map(\.name)
        let outlooks = Self.outlooks(problem)
        let plain = outlooks[0].tokensPerSecond
        agreements = family.effectiveAgreements
        chains = outlooks.enumerated().map { index, outlook in
            var simulation = ChainSimulation(problem, outlook, seed: seed &+ UInt64(index))
            let outcome = simulation.run(rounds: rounds)
            return Chain(
                levels: outlook.levels.map { names[$0] },
                lookaheads: outlook.levels.dropLast().map { outlook.lookaheads[$0] },
                predicted: outlook.tokensPerSecond,
                ratioToPlain: outlook.tokensPerSecond / plain,
                simulated: outcome.tokensPerSecond, standardError: outcome.standardError,
                differencePercent: (outlook.tokensPerSecond / outcome.tokensPerSecond - 1) * 100)
        }.sorted { $0.predicted > $1.predicted }
        thresholds = names.indices.dropLast().map {
            Self.threshold($0, problem, outlooks, names)
        }
    }

    /// All chains, plain decoding first.
    private static func outlooks(_ problem: ChainProblem) -> [ChainOutlook] {
        var planner = ChainPlanner()
        return planner.outlooks(problem, allowed: Array(0..<(problem.levelCount - 1)))
    }

    private static func threshold(
        _ level: Int, _ problem: ChainProblem, _ outlooks: [ChainOutlook], _ names: [String]
    ) -> Threshold {
        let with = outlooks.filter { $0.levels.contains(level) }
            .max { $0.tokensPerSecond < $1.tokensPerSecond }
        let rate = outlooks.filter { !$0.levels.contains(level) }.map(\.tokensPerSecond).max() ?? 0
        let chain = with?.levels ?? [level, problem.levelCount - 1]
        let verifier = chain[(chain.firstIndex(of: level) ?? 0) + 1]
        var planner = ChainPlanner()
        func reaches(_ agreement: Double) -> Bool {
            var assumed = problem
            assumed.acceptance[verifier][level] = [agreement]
            let promise = planner.outlook(assumed, below: Array(chain.dropLast()))
            return promise.tokensPerSecond >= rate
        }
        return Threshold(
            level: names[level], verifier: names[verifier],
            agreement: problem.acceptance[verifier][level][0],
            neededAgreement: least(reaches))
    }

    /// The least of 0 ... 1 at which a condition holds that holds from some value on.
    private static func least(_ holds: (Double) -> Bool) -> Double? {
        guard holds(1) else { return nil }
        guard !holds(0) else { return 0 }
        var bounds = (low: 0.0, high: 1.0)
        for _ in 0..<20 {
            let middle = (bounds.low + bounds.high) / 2
            if holds(middle) { bounds.high = middle } else { bounds.low = middle }
        }
        return bounds.high
    }
}
