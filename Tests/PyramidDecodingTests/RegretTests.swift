import PyramidDecoding
import PyramidTestSupport
import Testing

/// Decodes in simulated worlds and compares automatic control with every fixed choice.
struct Simulation {
    typealias Conditions = SimulatedWorld.Conditions
    var tokens = 3000
    var noise = 0.0
    var course: [(from: Int, conditions: Conditions)]

    /// Tokens per simulated second.
    func rate(lookaheads: [Int], control: LookaheadControl) throws -> Double {
        let seconds = try seconds(lookaheads: lookaheads, control: control)
        return Double(tokens) / seconds.reduce(0, +)
    }

    /// Simulated seconds in each part of the course.
    func seconds(lookaheads: [Int], control: LookaheadControl) throws -> [Double] {
        let world = SimulatedWorld(course)
        world.noise = noise
        let pyramid = try pyramid(world)
        if control == .auto { try pyramid.calibrate() }
        let options = DecodingOptions(
            lookaheads: lookaheads, control: control, maximumTokens: tokens)
        let id = try pyramid.start(prompt: [1], options: options)
        var seconds = course.map { _ in 0.0 }
        while pyramid.end(of: id) == nil {
            let position = pyramid.tokens(of: id).count
            let began = world.time
            _ = try pyramid.round([id])
            seconds[(course.lastIndex { $0.from <= position }) ?? 0] += world.time - began
        }
        return seconds
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
        var best = (rate: 0.0, lookaheads: [Int]())
        for lookaheads in grid {
            let rate = try rate(lookaheads: lookaheads, control: .fixed)
            if rate > best.rate { best = (rate, lookaheads) }
        }
        return best
    }

    /// Tokens per second of whoever knew the best fixed choice for each part of the course.
    func bestOfParts() throws -> Double {
        var best = course.map { _ in Double.infinity }
        for lookaheads in grid {
            let seconds = try seconds(lookaheads: lookaheads, control: .fixed)
            best = zip(best, seconds).map(min)
        }
        return Double(tokens) / best.reduce(0, +)
    }

    private var grid: [[Int]] {
        let below = course[0].conditions.costs.count - 1
        let lengths = below > 1 ? [0, 1, 2, 4, 6, 8, 12] : [0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 16]
        var grid: [[Int]] = [[]]
        for _ in 0..<below { grid = grid.flatMap { start in lengths.map { start + [$0] } } }
        return grid
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

    /// Conditions that change while the text is written: from, and what holds from there.
    static let courses: [[(from: Int, conditions: SimulatedWorld.Conditions)]] = [
        // The draft becomes useless, and good again.
        [(0, 0.85), (3000, 0.15), (6000, 0.9)].map {
            ($0.0, .init(costs: [.init(0.006), .init(0.025)], agreements: [$0.1]))
        },
        // The machine becomes slower as a whole, and then the draft alone.
        [(0.006, 0.025), (0.012, 0.05), (0.03, 0.05)].enumerated().map {
            (
                $0.offset * 3000,
                .init(costs: [.init($0.element.0), .init($0.element.1)], agreements: [0.8])
            )
        },
        // The draft below the qualifier pays, does not, and pays again.
        [(0.8, 0.9), (0.2, 0.85), (0.8, 0.9)].enumerated().map {
            (
                $0.offset * 3000,
                .init(
                    costs: [
                        .init(0.0006, row: 0.00006), .init(0.006, row: 0.0005),
                        .init(0.04, row: 0.004),
                    ], agreements: [$0.element.0, $0.element.1])
            )
        },
    ]

    @Test("It follows a drift with a regret below 5 %", arguments: Array(courses.indices))
    func drift(index: Int) throws {
        let course = Self.courses[index]
        let simulation = Simulation(
            tokens: course[1].from * course.count, noise: 1.5, course: course)
        let below = course[0].conditions.costs.count - 1
        let auto = try simulation.rate(
            lookaheads: Array(repeating: 1, count: below), control: .auto)
        let ratio = auto / (try simulation.bestOfParts())
        print("regret drift \(index): auto \(auto), ratio to the best of each part \(ratio)")
        #expect(ratio >= 0.95)
    }

    @Test("It counts what else is in the forward", arguments: [1, 2, 4, 8])
    func batch(size: Int) throws {
        let conditions = SimulatedWorld.Conditions(
            costs: [.init(0.004, row: 0.0001), .init(0.025, row: 0.003)], agreements: [0.85])
        func rate(_ lookahead: Int, _ control: LookaheadControl) throws -> Double {
            let world = SimulatedWorld([(0, conditions)])
            let pyramid = try Pyramid(
                levels: (0..<2).map {
                    Level.model(SimulatedModel(world, level: $0, sequenceCapacity: size))
                })
            pyramid.now = { .seconds(world.time) }
            let options = DecodingOptions(
                lookaheads: [lookahead], control: control, maximumTokens: 1500)
            if control == .auto { try pyramid.calibrate() }
            let ids = try (0..<size).map {
                try pyramid.start(prompt: [TokenID($0)], options: options)
            }
            let began = world.time
            var tokens = 0
            while true {
                let running = ids.filter { pyramid.end(of: $0) == nil }
                // While all run: afterwards the batch is another one.
                guard running.count == size else { break }
                for emission in try pyramid.round(running) { tokens += emission.tokens.count }
            }
            return Double(tokens) / (world.time - began)
        }
        let best = try [0, 1, 2, 3, 4, 6, 8, 12].map { try rate($0, .fixed) }.max() ?? 0
        let auto = try rate(1, .auto)
        print("regret batch \(size): auto \(auto), best \(best), ratio \(auto / best)")
        #expect(auto >= 0.95 * best)
    }

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
