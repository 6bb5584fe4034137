import Crypto
import Foundation
import HTTPTypes
import Hummingbird

/// Lets in who has one of the keys.
struct KeyCheck<Context: RequestContext>: RouterMiddleware {
    /// Digests, so that comparing takes the same time however much of a key is right.
    private let digests: [SHA256.Digest]

    /// What anybody may see: whether the server lives, and the page, which asks for the key.
    private static var open: Set<String> { ["/", "/health", "/v1/health"] }

    init(keys: [String]) {
        digests = keys.map { SHA256.hash(data: Data($0.utf8)) }
    }

    func handle(
        _ request: Request, context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard Self.open.contains(request.uri.path) || request.method == .options || has(request)
        else {
            throw APIError(
                .authentication,
                "the API key is missing or wrong; send 'Authorization: Bearer KEY'")
        }
        return try await next(request, context)
    }

    private func has(_ request: Request) -> Bool {
        let scheme = "Bearer "
        let bearer = request.headers[.authorization].flatMap {
            $0.hasPrefix(scheme) ? String($0.dropFirst(scheme.count)) : nil
        }
        let other = HTTPField.Name("X-Api-Key").flatMap { request.headers[$0] }
        guard let key = bearer ?? other else { return false }
        let digest = SHA256.hash(data: Data(key.utf8))
        // All of them, so that the time does not say which one it was.
        return digests.reduce(false) { found, known in
            let isSame = known == digest
            return isSame || found
        }
    }
}
