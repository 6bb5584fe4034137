import Foundation
public import PyramidDecoding

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
