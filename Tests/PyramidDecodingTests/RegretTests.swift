import PyramidDecoding
import PyramidTestSupport
import Testing

/// Decodes in simulated worlds and compares automatic control with every fixed choice.
struct Simulation {
    typealias Conditions = SimulatedWorld.Conditions
    var tokens = 3000
    var noise = 0.0
    var course: [(from: Int, conditions: Conditions)]

    /// Tokens per simulated second, counted from `start`.
    func rate(
        lookaheads: [Int], control: LookaheadControl, from start: Int = 0, to end: Int? = nil
    ) throws -> Double {
        let world = SimulatedWorld(course)
        world.noise = noise
        let pyramid = try pyramid(world)
        if control == .auto { try pyramid.calibrate() }
        let options = DecodingOptions(
            lookaheads: lookaheads, control: control, maximumTokens: end ?? tokens)
        let id = try pyramid.start(prompt: [1], options: options)
        var began = world.time
        var counted = 0
        while pyramid.end(of: id) == nil {
            let emission = try pyramid.round([id])
            if pyramid.tokens(of: id).count <= start {
                began = world.time
            } else {
                counted += emission[0].tokens.count
            }
        }
        return Double(counted) / (world.time - began)
    }

    func pyramid(_ world: SimulatedWorld) throws -> Pyramid<SimulatedModel> {
        let levels = course[0].conditions.costs.indices.map {
            Level.model(SimulatedModel(world, level: $0))
        }
        let pyramid = try Pyramid(levels: levels)
        pyramid.now = { .seconds(world.time) }
        return pyramid
    }

    /// The best fixed choice of all chains and a grid of lengths.
    func bestFixed() throws -> (rate: Double, lookaheads: [Int]) {
        let below = course[0].conditions.costs.count - 1
        var grids: [[Int]] = [[]]
        for _ in 0..<below {
            grids = grids.flatMap { grid in [0, 1, 2, 3, 4, 6, 8, 12, 16].map { grid + [$0] } }
        }
        var best = (rate: 0.0, lookaheads: [Int]())
        for grid in grids {
            let rate = try rate(lookaheads: grid, control: .fixed)
            if rate > best.rate { best = (rate, grid) }
        }
        return best
    }
}

@Suite("Automatic control in simulated worlds")
struct RegretTests {
    /// A planted situation.
    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        var costs: [SimulatedWorld.Cost]
        var agreements: [Double]
        var isNested = false
        var tellsSureness = false
        var testDescription: String { name }

        var conditions: SimulatedWorld.Conditions {
            var conditions = SimulatedWorld.Conditions(costs: costs, agreements: agreements)
            conditions.isNested = isNested
            conditions.tellsSureness = tellsSureness
            return conditions
        }
    }

    static let cases: [Case] = [
        Case(name: "a good draft", costs: [.init(0.004), .init(0.025)], agreements: [0.85]),
        Case(name: "a poor draft", costs: [.init(0.004), .init(0.025)], agreements: [0.4]),
        Case(
            name: "a draft that costs too much", costs: [.init(0.02), .init(0.025)],
            agreements: [0.7]),
        Case(
            name: "a useless draft", costs: [.init(0.012), .init(0.025)], agreements: [0.1]),
        Case(
            name: "verification that is not free",
            costs: [.init(0.01), .init(0.03, row: 0.013, freeRows: 1)], agreements: [0.8]),
        Case(
            name: "1B/8B/70B", costs: [.init(0.0007), .init(0.0046), .init(0.04)],
            agreements: [0.7, 0.85], isNested: true),
        Case(
            name: "1B/3B/8B", costs: [.init(0.0062), .init(0.016), .init(0.04)],
            agreements: [0.7, 0.8]),
        Case(
            name: "a qualifier that does not pay",
            costs: [.init(0.002), .init(0.024), .init(0.04)],
            agreements: [0.8, 0.85], isNested: true),
        Case(
            name: "sureness that tells", costs: [.init(0.004), .init(0.01), .init(0.026)],
            agreements: [0.6, 0.85], isNested: true, tellsSureness: true),
        Case(
            name: "too slow to calibrate", costs: [.init(0.1), .init(1.5)], agreements: [0.8]),
        Case(
            name: "four levels", costs: [.init(0.0004), .init(0.0016), .init(0.008), .init(0.04)],
            agreements: [0.6, 0.75, 0.9], isNested: true),
    ]

    @Test("Its rate is at least 0.95 of the best fixed chain's", arguments: cases)
    func regret(planted: Case) throws {
        let simulation = Simulation(course: [(0, planted.conditions)])
        let best = try simulation.bestFixed()
        let below = planted.costs.count - 1
        let auto = try simulation.rate(
            lookaheads: Array(repeating: 1, count: below), control: .auto)
        print("regret \(planted.name): auto \(auto), best \(best), ratio \(auto / best.rate)")
        #expect(auto >= 0.95 * best.rate)
    }
}
