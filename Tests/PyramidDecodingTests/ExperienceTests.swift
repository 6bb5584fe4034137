import Foundation
import PyramidDecoding
import PyramidTestSupport
import Testing

/// What is learnt from one text serves the next, also in another program.
@Suite struct ExperienceTests {
    private let costs = [SimulatedWorld.Cost(0.005), SimulatedWorld.Cost(0.025)]

    /// A pyramid whose draft agrees this often, calibrated.
    private func pyramid(agreement: Double) throws -> Pyramid<SimulatedModel> {
        let world = SimulatedWorld([
            (from: 0, conditions: .init(costs: costs, agreements: [agreement]))
        ])
        let pyramid = try Simulation(course: world.course).pyramid(world)
        try pyramid.calibrate()
        return pyramid
    }

    /// The plans of a text.
    private func plans(
        of pyramid: Pyramid<SimulatedModel>, tokens: Int
    ) throws -> [PlanRecord] {
        let options = DecodingOptions(lookaheads: [8], control: .auto, maximumTokens: tokens)
        let id = try pyramid.start(prompt: [1], options: options)
        defer { pyramid.finish(id) }
        while pyramid.end(of: id) == nil { _ = try pyramid.round([id]) }
        return pyramid.plans(of: id)
    }

    /// After a round trip through JSON, as from one program to the next.
    private func kept(_ experience: Experience) throws -> Experience {
        try JSONDecoder().decode(Experience.self, from: JSONEncoder().encode(experience))
    }

    @Test("A useless draft is tried at first, and not where experience knows it")
    func useless() throws {
        let first = try pyramid(agreement: 0.03)
        let firstPlans = try plans(of: first, tokens: 600)
        #expect(firstPlans[0].lookaheads[0] > 0)
        let second = try pyramid(agreement: 0.03)
        second.experience = try kept(first.experience)
        let secondPlans = try plans(of: second, tokens: 600)
        #expect(secondPlans[0].lookaheads == [0])
        let early = { (plans: [PlanRecord]) in plans.prefix(20).count { $0.lookaheads[0] > 0 } }
        #expect(early(secondPlans) < early(firstPlans))
    }

    @Test("A very good draft gets a longer buffer in the first round of the next program")
    func good() throws {
        let first = try pyramid(agreement: 0.98)
        let firstPlans = try plans(of: first, tokens: 600)
        let second = try pyramid(agreement: 0.98)
        second.experience = try kept(first.experience)
        #expect(
            try plans(of: second, tokens: 50)[0].lookaheads[0] > firstPlans[0].lookaheads[0])
    }

    @Test("Nothing is lost on the way")
    func roundTrip() throws {
        let pyramid = try pyramid(agreement: 0.7)
        _ = try plans(of: pyramid, tokens: 300)
        #expect(pyramid.experience != Experience())
        #expect(try kept(pyramid.experience) == pyramid.experience)
        #expect(pyramid.experience.isSound(levelCount: 2))
    }

    @Test("What cannot have been learnt is not sound")
    func unsound() throws {
        let pyramid = try pyramid(agreement: 0.7)
        _ = try plans(of: pyramid, tokens: 100)
        let json = try #require(
            String(data: JSONEncoder().encode(pyramid.experience), encoding: .utf8))
        #expect(!pyramid.experience.isSound(levelCount: 3))
        for (sound, unsound) in [
            (#""guess":0.8"#, #""guess":1.5"#), (#""window":1024"#, #""window":0"#),
            (#""weight":0"#, #""weight":-1"#), (#""sum":0"#, #""sum":1e9"#),
        ] {
            let changed = json.replacing(sound, with: unsound, maxReplacements: 1)
            #expect(changed != json, "\(sound)")
            let experience = try JSONDecoder().decode(Experience.self, from: Data(changed.utf8))
            #expect(!experience.isSound(levelCount: 2), "\(unsound)")
        }
    }
}
