import Grammar
import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
    /// A JSON answer.
    init(_ value: JSONValue, status: HTTPResponse.Status = .ok) {
        self.init(
            status: status, headers: [.contentType: "application/json; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: value.text)))
    }

    /// The answer to a request that failed.
    init(_ error: APIError) {
        self.init(error.body, status: HTTPResponse.Status(code: error.status))
        if [429, 503].contains(error.status) { headers[.retryAfter] = "1" }
        if error.status == 401 { headers[.wwwAuthenticate] = "Bearer" }
    }

    /// The same, and says that it is the connection's last: Hummingbird ends a connection whose
    /// client it has watched for going away, and clients that are not told so would send their
    /// next request into nothing.
    var lastOfConnection: Response {
        var last = self
        last.headers[.connection] = "close"
        return last
    }
}

/// A request's body.
enum JSONBody {
    /// - Throws: ``APIError`` for a body that is too large.
    static func bytes(_ request: inout Request, atMost bytes: Int) async throws -> ByteBuffer {
        let tooLarge = APIError(
            .bodyTooLarge, "the body has more than \(bytes) bytes, the most that is taken")
        if let said = request.headers[.contentLength].flatMap({ Int($0) }), said > bytes {
            throw tooLarge
        }
        do { return try await request.collectBody(upTo: bytes) } catch is NIOTooManyBytesError {
            throw tooLarge
        }
    }

    /// - Throws: ``APIError`` for a body that is too large or no JSON object.
    static func fields(
        _ request: inout Request, atMost bytes: Int
    ) async throws -> RequestFields {
        let buffer = try await self.bytes(&request, atMost: bytes)
        guard let text = String(validating: buffer.readableBytesView, as: UTF8.self) else {
            throw APIError(.invalidRequest, "the body is not UTF-8")
        }
        let value: JSONValue
        do { value = try JSONValue(parsing: text) } catch {
            throw APIError(.invalidRequest, "the body is not JSON: \(error)")
        }
        return try RequestFields(value)
    }
}
