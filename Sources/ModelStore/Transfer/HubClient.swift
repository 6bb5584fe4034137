import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Requests to the hub: follows redirects itself, so that the token stays with the endpoint.
struct HubClient {
    let client: HTTPClient
    let address: HubAddress
    let options: TransferOptions

    private static let redirectLimit = 10

    /// Asks what the hub states about `file`, without its content.
    func describe(_ file: ModelFile) async throws -> HubStatement {
        var url = address.resolve(file)
        var statement = HubStatement()
        for _ in 0..<Self.redirectLimit {
            let response = try await send(.HEAD, url, headers: [])
            statement.merge(response.headers)
            guard let next = try redirect(response, from: url) else {
                try check(response, file: file, url: url)
                return statement
            }
            // The storage host behind the hub states nothing more that is of use.
            guard address.isOrigin(of: next) else { return statement }
            url = next
        }
        throw tooManyRedirects(file)
    }

    /// Asks for the content of `file` from the byte at `offset` on; `etag`, if known, makes the
    /// server send everything when its content has changed since.
    func open(_ file: ModelFile, from offset: Int, etag: String?) async throws -> HTTPClientResponse
    {
        var url = address.resolve(file)
        var headers: [(String, String)] = []
        if offset > 0 { headers.append(("Range", "bytes=\(offset)-")) }
        if offset > 0, let etag { headers.append(("If-Range", etag)) }
        for _ in 0..<Self.redirectLimit {
            let response = try await send(.GET, url, headers: headers)
            guard let next = try redirect(response, from: url) else {
                // Asked for bytes past the end: the caller starts again from zero.
                if response.status == .rangeNotSatisfiable && offset > 0 { return response }
                try check(response, file: file, url: url)
                return response
            }
            url = next
        }
        throw tooManyRedirects(file)
    }

    private func send(
        _ method: HTTPMethod, _ url: URL, headers: [(String, String)]
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: url.absoluteString)
        request.method = method
        request.headers.add(contentsOf: HTTPHeaders(headers))
        request.headers.add(name: "User-Agent", value: options.userAgent)
        // A compressed answer could neither be resumed nor hashed.
        request.headers.add(name: "Accept-Encoding", value: "identity")
        if let token = options.token, address.isOrigin(of: url) {
            request.headers.add(name: "Authorization", value: "Bearer \(token)")
        }
        do {
            return try await client.execute(request, deadline: .distantFuture)
        } catch {
            throw networkFailure(error, url: url)
        }
    }

    /// The address that `response` sends us to, nil if it is no redirect.
    private func redirect(_ response: HTTPClientResponse, from url: URL) throws -> URL? {
        guard [301, 302, 303, 307, 308].contains(response.status.code) else { return nil }
        guard
            let location = response.headers.first(name: "Location"),
            let next = URL(string: location, relativeTo: url)?.absoluteURL,
            next.scheme == "https" || next.scheme == url.scheme
        else {
            throw ModelStoreError(
                code: .unexpectedResponse,
                message: """
                    \(url.host ?? "The hub") redirects (\(response.status.code)) to no address \
                    that is as safe as its own.
                    """)
        }
        return next
    }

    private func tooManyRedirects(_ file: ModelFile) -> ModelStoreError {
        ModelStoreError(
            code: .unexpectedResponse,
            message: "\(address.host) redirects \(file.name) more than \(Self.redirectLimit) times."
        )
    }
}
