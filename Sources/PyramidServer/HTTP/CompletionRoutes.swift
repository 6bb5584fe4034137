import Foundation
import Grammar
import HTTPTypes
import Hummingbird
import PyramidEngine

/// Chat and text completions, whole or as a stream of server-sent events.
struct CompletionRoutes {
    let state: ServerState

    func add(to router: Router<BasicRequestContext>) {
        for path in ["/v1/chat/completions", "/chat/completions"] {
            router.post(RouterPath(path)) { request, _ in try await respond(.chat, request) }
        }
        for path in ["/v1/completions", "/completions"] {
            router.post(RouterPath(path)) { request, _ in try await respond(.text, request) }
        }
    }

    private func respond(_ shape: Answer.Shape, _ request: Request) async throws -> Response {
        let arrival = ContinuousClock.now
        var request = request
        let fields = try await JSONBody.fields(
            &request, atMost: state.options.maximumBodyBytes)
        let model = try state.model()
        let plan: CompletionPlan
        switch shape {
        case .chat:
            plan = try CompletionPlan(
                chat: ChatRequest(fields, defaults: model.defaults), fields, model)
        case .text:
            plan = try CompletionPlan(
                text: TextRequest(fields, defaults: model.defaults), fields, model)
        }
        let answer = Answer(shape, plan, model, now: Int(Date().timeIntervalSince1970))
        // Before anything is sent: a server that is full says so with a status.
        let stream = try state.engine.submit(plan.requests)
        let run = CompletionRun(
            answer: answer, stream: stream, watch: state.metrics.watch(model, since: arrival))
        return plan.parameters.isStreamed
            ? streamed(run, request) : try await whole(run, request)
    }

    private func whole(_ run: CompletionRun, _ request: Request) async throws -> Response {
        try await request.body.consumeWithCancellationOnInboundClose { _ in
            Response(try await run.whole())
        }.lastOfConnection
    }

    private func streamed(_ run: CompletionRun, _ request: Request) -> Response {
        var response = Response(
            status: .ok,
            headers: [
                .contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-cache",
            ],
            body: ResponseBody { writer in
                try await request.body.consumeWithCancellationOnInboundClose { _ in
                    try await run.stream { try await writer.write(ByteBuffer(string: $0)) }
                }
                try await writer.finish(nil)
            })
        // Proxies that gather what they pass on would take the stream's point away.
        if let buffering = HTTPField.Name("X-Accel-Buffering") {
            response.headers[buffering] = "no"
        }
        return response.lastOfConnection
    }
}
