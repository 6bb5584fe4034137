import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore

extension TestClient {
    /// The answer to a request on a connection of its own, as completions end theirs.
    static func ask(
        port: Int, _ method: HTTPRequest.Method, _ path: String, _ body: String = "",
        headers: HTTPFields = [:]
    ) async throws -> (status: Int, text: String, headers: HTTPFields) {
        try await withClient(host: "127.0.0.1", port: port) { client in
            let response = try await client.execute(
                .init(path, method: method, headers: headers, body: ByteBuffer(string: body)))
            return (
                response.status.code, response.body.map { String(buffer: $0) } ?? "",
                response.headers
            )
        }
    }
}
