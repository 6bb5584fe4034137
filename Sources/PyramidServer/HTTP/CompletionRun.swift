import Grammar
import PyramidEngine

/// An answer in the making: what the engine tells becomes what the client gets.
///
/// Whoever stops reading ends the requests: the engine notices that its stream is gone.
struct CompletionRun: Sendable {
    let answer: Answer
    let stream: ServingStream
    let watch: CompletionWatch

    /// The whole answer.
    ///
    /// - Throws: ``ServingFailure`` of any choice.
    func whole() async throws -> JSONValue {
        var answer = answer
        var watch = watch
        for await (choice, event) in stream {
            switch event {
            case .started: break
            case .failed(let failure): throw failure
            case .generation(let event):
                watch.note(event, choice)
                _ = answer.chunks(event, of: choice)
            }
        }
        // The stream also ends when this task is cancelled.
        guard answer.isFinished else { throw CancellationError() }
        return answer.whole
    }

    /// The answer as server-sent events.
    func stream(_ send: (String) async throws -> Void) async throws {
        var answer = answer
        var watch = watch
        for chunk in answer.openings { try await send(Self.event(chunk)) }
        for await (choice, event) in stream {
            switch event {
            case .started: break
            case .failed(let failure):
                // The status is out already; OpenAI's clients read this.
                return try await send(Self.event(APIError(failure).body))
            case .generation(let event):
                watch.note(event, choice)
                let chunks = answer.chunks(event, of: choice)
                if !chunks.isEmpty { try await send(chunks.map(Self.event).joined()) }
            }
        }
        guard answer.isFinished else { throw CancellationError() }
        let ending = answer.ending.map(Self.event) ?? ""
        try await send(ending + "data: [DONE]\n\n")
    }

    /// A server-sent event.
    static func event(_ value: JSONValue) -> String { "data: \(value.text)\n\n" }
}
