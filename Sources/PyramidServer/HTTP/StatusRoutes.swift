import Grammar
import HTTPTypes
import Hummingbird
import PyramidDecoding

/// What the server is and how it is.
struct StatusRoutes {
    let state: ServerState

    func add(to router: Router<BasicRequestContext>) {
        for path in ["/health", "/v1/health"] {
            router.get(RouterPath(path)) { _, _ in try health() }
        }
        for path in ["/v1/models", "/models"] {
            router.get(RouterPath(path)) { _, _ in Response(try models(state.model())) }
        }
        router.get("/props") { _, _ in Response(try props(state.model())) }
        router.get("/slots") { _, _ in try slots() }
        router.get("/metrics") { _, _ in try metrics() }
    }

    /// 503 while the models are being loaded, when the server stops, and when it is stuck.
    private func health() throws(APIError) -> Response {
        let status = state.engine.status
        if let refusal = status.phase.refusal { throw APIError(refusal) }
        guard !status.isStuck else {
            throw APIError(
                .unavailable, "no round has finished for too long though requests are waiting")
        }
        _ = try state.model()
        return Response(.object(["status": .string("ok")]))
    }

    private func models(_ model: ServedModel) -> JSONValue {
        let card: JSONValue = .object([
            "id": .string(model.name), "object": .string("model"), "created": .integer(0),
            "owned_by": .string("pyramidsd"),
            "meta": .object([
                "n_vocab": .integer(model.text.vocabularySize),
                "n_ctx": .integer(model.contextSize),
                "levels": .array(model.levels.map { .string($0) }),
            ]),
        ])
        return .object(["object": .string("list"), "data": .array([card])])
    }

    private func props(_ model: ServedModel) -> JSONValue {
        let decoding = model.defaults.decoding
        let sampling = model.defaults.sampling
        return .object([
            "model_alias": .string(model.name), "n_ctx": .integer(model.contextSize),
            "total_slots": .integer(model.places),
            "levels": .array(model.levels.map { .string($0) }),
            "chat_template": model.text.chatTemplate.map { .string($0) } ?? .null,
            "default_generation_settings": .object([
                "mode": .string(decoding.mode.name),
                "control": .string(decoding.control.rawValue),
                "lookahead": .array(decoding.lookaheads.map { .integer($0) }),
                "temperature": .decimal(Double(sampling.temperature)),
                "top_k": .integer(sampling.topK), "top_p": .decimal(Double(sampling.topP)),
                "min_p": .decimal(Double(sampling.minP)),
            ]),
            "facts": model.facts,
        ])
    }

    private func slots() throws -> Response {
        guard state.options.hasSlots else {
            throw APIError(.notSupported, "the server was started with --no-slots")
        }
        let model = try state.model()
        let status = state.engine.status
        return Response(
            .array(
                (0..<model.places).map { place in
                    .object([
                        "id": .integer(place), "n_ctx": .integer(model.contextSize),
                        "is_processing": .boolean(place < status.running),
                    ])
                }))
    }

    private func metrics() throws -> Response {
        guard state.options.hasMetrics else {
            throw APIError(.notSupported, "metrics are off; start the server with --metrics")
        }
        let status = state.engine.status
        state.metrics.set(running: status.running, waiting: status.waiting)
        return Response(
            status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: state.metrics.text)))
    }
}
