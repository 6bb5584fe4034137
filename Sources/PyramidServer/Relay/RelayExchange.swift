import AsyncHTTPClient
import Grammar
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1

/// One request on its way through a relay, and its answer on the way back.
///
/// Both ends are watched: a client that goes away ends the request at the other process, and a
/// process that ends gives the client an error that says so.
struct RelayExchange: Sendable {
    private let state: RelayState
    private let heads = AsyncThrowingStream.makeStream(of: Head.self, throwing: (any Error).self)
    // Without bound: an answer is no longer than a context.
    private let chunks = AsyncThrowingStream.makeStream(
        of: ByteBuffer.self, throwing: (any Error).self)

    private struct Head: Sendable {
        var status: HTTPResponseStatus
        var fields: HTTPHeaders
    }

    init(_ state: RelayState) {
        self.state = state
    }

    /// Sends the request and takes in the answer, for as long as the client's connection is open.
    func start(_ request: HTTPClientRequest, _ client: HTTPClient, whileOpen inbound: RequestBody) {
        let task = Task {
            do {
                try await inbound.consumeWithCancellationOnInboundClose { _ in
                    // The process that answers has the limits of time.
                    let answer = try await client.execute(request, deadline: .distantFuture)
                    heads.continuation.yield(Head(status: answer.status, fields: answer.headers))
                    heads.continuation.finish()
                    for try await chunk in answer.body { chunks.continuation.yield(chunk) }
                }
                chunks.continuation.finish()
            } catch {
                heads.continuation.finish(throwing: error)
                chunks.continuation.finish(throwing: error)
            }
        }
        chunks.continuation.onTermination = { _ in task.cancel() }
    }

    /// The answer, whose body comes as the other process writes it, or that the process ended.
    ///
    /// - Throws: `CancellationError` when the client is gone.
    func response() async throws -> Response {
        let head: Head
        do {
            guard let first = try await heads.stream.first(where: { _ in true }) else {
                return Response(state.loss).lastOfConnection
            }
            head = first
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            return Response(state.loss).lastOfConnection
        }
        let isStream = head.fields["content-type"].first?.hasPrefix("text/event-stream") ?? false
        return Response(
            status: HTTPResponse.Status(code: Int(head.status.code)),
            headers: fields(head),
            body: ResponseBody(
                contentLength: head.fields["content-length"].first.flatMap { Int($0) }
            ) {
                writer in
                do {
                    for try await chunk in chunks.stream { try await writer.write(chunk) }
                } catch  where isStream && !(error is CancellationError) {
                    // The status is out already; OpenAI's clients read this.
                    let event = CompletionRun.event(state.loss.body)
                    try await writer.write(ByteBuffer(string: event))
                }
                try await writer.finish(nil)
            }
        ).lastOfConnection
    }

    private func fields(_ head: Head) -> HTTPFields {
        var fields = HTTPFields()
        for (name, value) in head.fields {
            guard let name = HTTPField.Name(name), !RelayServer.ofConnection.contains(name) else {
                continue
            }
            fields.append(HTTPField(name: name, value: value))
        }
        return fields
    }
}
