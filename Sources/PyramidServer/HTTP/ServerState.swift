import Synchronization

/// What all requests share.
public final class ServerState: Sendable {
    let engine: any Serving
    let options: ServerOptions
    let metrics: ServerMetrics
    private let served = Mutex<ServedModel?>(nil)

    /// A server's state; the model comes when it is loaded.
    public init(engine: any Serving, options: ServerOptions, metrics: ServerMetrics) {
        self.engine = engine
        self.options = options
        self.metrics = metrics
    }

    /// Makes a model known that is loaded.
    public func setModel(_ model: ServedModel) { served.withLock { $0 = model } }

    /// The model that answers.
    ///
    /// - Throws: ``APIError`` while it is being loaded, or when it could not be.
    func model() throws(APIError) -> ServedModel {
        if let model = served.withLock({ $0 }) { return model }
        throw APIError(engine.status.phase.refusal ?? .loading)
    }
}
