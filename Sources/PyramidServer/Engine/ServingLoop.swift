import PyramidDecoding
import PyramidEngine

/// What the engine's thread does: takes requests from the desk, runs rounds, and tells what
/// happens.
struct ServingLoop<Model: LanguageModel & SendableMetatype> {
    private let desk: Desk
    private let generator: Generator<Model>
    private var running: [SequenceID: Desk.Ticket] = [:]

    static func run(_ desk: Desk, _ load: () throws -> LoadedGenerator<Model>) {
        do {
            let loaded = try load()
            var loop = ServingLoop(desk: desk, generator: loaded.generator)
            desk.setLoaded(places: loop.generator.pyramid.sequenceCapacity)
            loop.serve()
            loaded.finish()
        } catch {
            desk.setFailed("the models could not be loaded: \(error)")
            while !desk.nextErrand(places: 0, running: []).isOver {}
        }
        desk.setStopped()
    }

    private init(desk: Desk, generator: Generator<Model>) {
        self.desk = desk
        self.generator = generator
    }

    private mutating func serve() {
        while true {
            let errand = desk.nextErrand(
                places: generator.pyramid.sequenceCapacity - running.count,
                running: Set(running.values.map(\.id)))
            for ticket in errand.late {
                fail(ticket, ServingFailure(.deadline, "the request waited longer than it may"))
            }
            for ticket in errand.refused { fail(ticket, .stopping) }
            for (id, ticket) in running {
                if errand.cancelled.contains(ticket.id) || errand.mustEnd || ticket.isLate {
                    end(id)
                }
            }
            for ticket in errand.starting { start(ticket) }
            if errand.isOver { return }
            if !running.isEmpty { step() }
            desk.setRunning(running.count)
        }
    }

    private mutating func start(_ ticket: Desk.Ticket) {
        do {
            let id = try generator.start(ticket.request.generation)
            running[id] = ticket
            ticket.send(.started)
        } catch StartError.promptTooLong(let tokens, let contextSize) {
            fail(ticket, .promptTooLong(tokens: tokens, contextSize: contextSize))
        } catch {
            fail(ticket, ServingFailure(.invalid, "\(error)"))
        }
    }

    private mutating func step() {
        do {
            try generator.step { id, event in receive(id, event) }
        } catch .invalidLogits(let level, .some(let id)) {
            // Perhaps by what this request asks for; the others go on from where they were.
            let error = DecodingError<Model.Failure>.invalidLogits(level: level)
            generator.cancel(id) { _, _ in }
            if let ticket = running.removeValue(forKey: id) {
                fail(ticket, ServingFailure(.model, "\(error)"))
            }
        } catch {
            // What a failed forward leaves behind is in order, but nobody knows whether the next
            // one would fail too: all get to know.
            let failure = ServingFailure(.model, "\(error)")
            for (id, ticket) in running {
                generator.cancel(id) { _, _ in }
                fail(ticket, failure)
            }
            running.removeAll()
        }
    }

    /// Ends a running generation; its stream gets what there is.
    private mutating func end(_ id: SequenceID) {
        generator.cancel(id) { id, event in receive(id, event) }
    }

    private mutating func receive(_ id: SequenceID, _ event: GenerationEvent) {
        guard let ticket = running[id] else { return }
        ticket.send(.generation(event))
        if case .finished = event {
            ticket.finish()
            running[id] = nil
        }
    }

    private func fail(_ ticket: Desk.Ticket, _ failure: ServingFailure) {
        ticket.send(.failed(failure))
        ticket.finish()
    }
}
