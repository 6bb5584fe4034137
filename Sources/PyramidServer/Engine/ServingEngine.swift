import Foundation
public import PyramidDecoding
public import PyramidEngine

/// What serves requests.
public protocol Serving: Sendable {
    /// What it is doing.
    var status: ServingStatus { get }

    /// Takes in requests that are answered together; an event comes with the index of its request.
    ///
    /// They are cancelled, and their places free in the next round, when the stream is no longer
    /// read: its consumer is cancelled or gone.
    ///
    /// - Throws: ``ServingFailure`` when they cannot even wait.
    func submit(_ requests: [ServingRequest]) throws(ServingFailure) -> ServingStream
}

/// What happens to requests, by the index of each.
public typealias ServingStream = AsyncStream<(choice: Int, event: ServingEvent)>

/// Serves requests with one generator on a thread of its own: requests join and leave between
/// rounds, and all that run share each level's forwards.
public final class ServingEngine<Model: LanguageModel & SendableMetatype>: Serving {
    private let desk: Desk

    /// An engine that loads its models on its own thread; until then requests are refused.
    ///
    /// - Parameters:
    ///   - limits: What is bounded.
    ///   - load: Makes the generator, on the engine's thread; what it throws is given to every
    ///     request.
    public init(
        limits: ServingLimits = ServingLimits(),
        load: @escaping @Sendable () throws -> LoadedGenerator<Model>
    ) {
        let desk = Desk(limits)
        self.desk = desk
        let thread = Thread { ServingLoop<Model>.run(desk, load) }
        thread.name = "pyramid rounds"
        // llama.cpp's graphs need more than the half megabyte that threads have on some systems.
        thread.stackSize = 8 << 20
        thread.start()
    }

    /// What the engine is doing.
    public var status: ServingStatus { desk.status }

    /// See ``Serving/submit(_:)``.
    public func submit(_ requests: [ServingRequest]) throws(ServingFailure) -> ServingStream {
        let (stream, continuation) = ServingStream.makeStream()
        let ids = try desk.add(requests, ServingReply(continuation, count: requests.count))
        continuation.onTermination = { [desk] _ in desk.cancel(ids) }
        return stream
    }

    /// Ends the engine: waiting requests are refused at once, running ones when the grace period is
    /// over. Returns when the thread has nothing more to do.
    public func stop(grace: Duration) async {
        desk.stop(grace: grace)
        while desk.status.phase != .stopped { try? await Task.sleep(for: .milliseconds(5)) }
    }
}

/// A generator and what is to be done when it has served its last request.
public struct LoadedGenerator<Model: LanguageModel> {
    let generator: Generator<Model>
    let finish: () -> Void

    /// A generator; `finish` is called on the engine's thread at its end.
    public init(_ generator: Generator<Model>, finish: @escaping () -> Void = {}) {
        self.generator = generator
        self.finish = finish
    }
}

/// What an engine is doing.
public struct ServingStatus: Sendable, Equatable {
    /// Where the engine is in its life.
    public enum Phase: Sendable, Equatable {
        case loading
        case ready
        case stopping
        case stopped
        /// The models could not be loaded.
        case failed(String)
    }

    /// Where the engine is in its life.
    public var phase: Phase
    /// Requests in the rounds.
    public var running: Int
    /// Requests that wait for a place.
    public var waiting: Int
    /// Whether there is work and no round has finished for too long.
    public var isStuck: Bool
}

/// How many requests may wait and what else is bounded.
public struct ServingLimits: Sendable {
    /// The most requests that wait for a place. Default 64.
    public var waiting = 64
    /// After so long without a round, though there is work, the engine counts as stuck.
    public var stuckAfter: Duration = .seconds(60)

    /// The defaults.
    public init() {}
}
