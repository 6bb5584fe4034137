import PyramidDecoding
import PyramidEvaluation
import Testing

@Suite("Plans on paper")
struct PlanTests {
    @Test(
        "The planner's promise is what a simulation finds, within three standard errors",
        arguments: [
            (["1B:2ms", "8B:16ms"], ["1B,8B=0.7"], nil),
            (["1B:2.48ms", "3B:6.4ms", "8B:16ms"], ["1B,3B=0.75", "1B,8B=0.7", "3B,8B=0.8"], nil),
            (
                ["1B:1.75ms", "8B:11.4ms", "70B:100ms"],
                ["1B,8B=0.8", "1B,70B=0.7", "8B,70B=0.85"], nil
            ),
            (["ngram", "8B:16ms"], ["ngram,8B=0.6"], 0.4),
            (["ngram", "1B:2ms", "8B:16ms"], ["ngram,1B=0.6", "ngram,8B=0.5", "1B,8B=0.8"], 0.3),
        ] as [([String], [String], Double?)])
    func agrees(levels: [String], agreements: [String], hitRate: Double?) throws {
        let report = try PlanReport(family(levels, agreements, hitRate), rounds: 40_000, seed: 7)
        #expect(report.chains.count == 1 << (levels.count - 1))
        for chain in report.chains {
            let error = abs(chain.predicted - chain.simulated)
            #expect(error <= 3 * chain.standardError + 1e-9, "\(chain)")
        }
    }

    @Test("A draft that misses the bonus token catches up, in the plan and in the simulation")
    func catchesUp() throws {
        var family = try family(["1B:1B@4", "8B:8B@4"], ["1B,8B=0.8"])
        family.machine.bandwidth = 1e12
        // So slow that every row counts.
        family.machine.compute = 1e12
        let chains = try PlanReport(family, rounds: 40_000, seed: 3).chains
        for chain in chains {
            #expect(
                abs(chain.predicted - chain.simulated) <= 3 * chain.standardError + 1e-9,
                "\(chain)")
        }
    }

    @Test("Two levels give (1 - a^(g + 1)) / (1 - a) tokens a round", arguments: [0.3, 0.6, 0.9])
    func closedForm(agreement: Double) throws {
        let problem = try family(["1B:1ms", "8B:10ms"], ["1B,8B=\(agreement)"]).problem()
        var planner = ChainPlanner()
        let chain = planner.outlook(problem, below: [0])
        var power = 1.0
        for _ in 0...chain.lookaheads[0] { power *= agreement }
        let expected = (1 - power) / (1 - agreement)
        #expect(abs(chain.tokens - expected) < 1e-9)
        var simulation = ChainSimulation(problem, chain, seed: 1)
        let outcome = simulation.run(rounds: 40_000)
        // A round's seconds are the same for all, so the rate's error is that of the tokens.
        let error = outcome.standardError * chain.seconds
        #expect(abs(outcome.tokensPerRound - expected) <= 3 * error)
    }

    @Test("A simulation is its seed's")
    func isSeeded() throws {
        let problem = try family(["1B:1ms", "8B:10ms"], ["1B,8B=0.7"]).problem()
        var planner = ChainPlanner()
        let chain = planner.outlook(problem, below: [0])
        func outcome(_ seed: UInt64) -> ChainSimulation.Outcome {
            var simulation = ChainSimulation(problem, chain, seed: seed)
            return simulation.run(rounds: 500)
        }
        #expect(outcome(1) == outcome(1))
        #expect(outcome(1) != outcome(2))
    }

    @Test("At the agreement from which a level pays, it is as fast with it as without")
    func thresholdIsBreakEven() throws {
        let report = try PlanReport(family(["1B:4ms", "8B:10ms"], ["1B,8B=0.9"]), rounds: 100)
        let needed = try #require(report.thresholds.first?.neededAgreement)
        // One proposal: 1 + a tokens for 14 ms against 1 for 10 ms.
        #expect(abs(needed - 0.4) < 1e-3)
        let useless = try PlanReport(family(["1B:10ms", "8B:10ms"], ["1B,8B=0.9"]), rounds: 100)
        #expect(useless.thresholds[0].neededAgreement.map { $0 > 0.99 } ?? true)
    }

    @Test("A forward takes the time of reading its weights, or of computing where that is more")
    func roofline() throws {
        var machine = PlanMachine()
        machine.bandwidth = 100e9
        machine.overhead = 0.001
        let bytes = try PlanLevel(spec: "a:5GB")
        #expect(abs(try machine.seconds(bytes, rows: 9) - 0.051) < 1e-12)
        machine.compute = 1e12
        let level = try PlanLevel(spec: "a:10B@4")
        #expect(abs(try machine.seconds(level, rows: 1) - 0.051) < 1e-12)
        #expect(abs(try machine.seconds(level, rows: 10) - 0.101) < 1e-12)
        #expect(throws: ConfigurationError.self) { try machine.seconds(bytes, rows: 1) }
    }

    @Test(
        "A size is bytes, parameters of so many bits, or a time",
        arguments: [
            ("a:0.8GB", .bytes(0.8e9)), ("a:800MB", .bytes(800e6)),
            ("a:1B@4.5", .parameters(1e9, bits: 4.5)), ("a:135M@16", .parameters(135e6, bits: 16)),
            ("a:12.5ms", .seconds(0.0125)), ("a:2s", .seconds(2)), ("ngram", .lookup),
        ] as [(String, PlanLevel.Cost)])
    func sizes(spec: String, cost: PlanLevel.Cost) throws {
        #expect(try PlanLevel(spec: spec).cost == cost)
    }

    @Test(
        "What is no size is named",
        arguments: [
            "a", "a:", ":1GB", "a:1", "a:-1GB", "a:0ms", "a:1B", "a:1B@", "a:infGB", "a:1GB:2",
        ])
    func badSizes(spec: String) {
        let error = #expect(throws: ConfigurationError.self) { try PlanLevel(spec: spec) }
        #expect("\(String(describing: error))".contains("'\(spec)'"))
    }

    @Test(
        "What a family lacks is named",
        arguments: [
            ([], [], nil, "no target"),
            (["ngram"], [], 0.5, "no target"),
            (["ngram", "8B:1ms"], ["ngram,8B=0.5"], nil, "--hit-rate"),
            (["ngram", "8B:1ms"], ["ngram,8B=0.5"], 1.5, "1.5"),
            (["1B:1ms", "8B:1ms"], ["1B,8B=0.5"], 0.5, "--level ngram"),
            (["1B:1ms", "8B:2ms"], [], nil, "--agree 1B,8B=0.7"),
            (["1B:1ms", "8B:2ms"], ["2B,8B=0.5"], nil, "no level '2B'"),
            (["1B:1ms", "8B:2ms"], ["8B,1B=0.5"], nil, "not below"),
            (["1B:1ms", "1B:2ms"], ["1B,1B=0.5"], nil, "two levels"),
            (["1B:1GB", "8B:2ms"], ["1B,8B=0.5"], nil, "--bandwidth"),
        ] as [([String], [String], Double?, String)])
    func badFamilies(
        levels: [String], agreements: [String], hitRate: Double?, part: String
    ) throws {
        let family = try family(levels, agreements, hitRate)
        let error = #expect(throws: ConfigurationError.self) { try family.problem() }
        #expect("\(String(describing: error))".contains(part))
    }

    @Test(
        "What is no agreement is named",
        arguments: ["a,b", "a=0.5", "a,b=1.5", "a,b=-0.1", "a,b=x"])
    func badAgreements(spec: String) {
        let error = #expect(throws: ConfigurationError.self) { try PlanAgreement(spec: spec) }
        #expect("\(String(describing: error))".contains("'\(spec)'"))
    }

    @Test("The presets can be planned, and three levels are best with a large target")
    func presets() throws {
        for preset in PlanPreset.allCases {
            let report = try PlanReport(preset.family, rounds: 100)
            #expect(report.chains.count == 4)
            #expect(report.chains.last?.ratioToPlain == 1)
        }
        let large = try PlanReport(PlanPreset.large.family, rounds: 100)
        #expect(large.chains[0].levels == ["1B", "8B", "70B"])
    }

    @Test("Of two agreements for a pair the later counts")
    func laterCounts() throws {
        let family = try family(["1B:1ms", "8B:2ms"], ["1B,8B=0.5", "1B,8B=0.9"])
        #expect(family.effectiveAgreements.map(\.spec) == ["1B,8B=0.9"])
        #expect(try family.problem().acceptance[1][0] == [0.9])
    }

    private func family(
        _ levels: [String], _ agreements: [String], _ hitRate: Double? = nil
    ) throws -> PlanFamily {
        PlanFamily(
            levels: try levels.map { try PlanLevel(spec: $0) },
            agreements: try agreements.map { try PlanAgreement(spec: $0) }, hitRate: hitRate)
    }
}
