import HTTPTypes
import Hummingbird

/// Tells browsers that pages from other origins may use the server.
struct CrossOrigin<Context: RequestContext>: RouterMiddleware {
    private let all: CORSMiddleware<Context>?
    private let byOrigin: [String: CORSMiddleware<Context>]

    /// What OpenAI's client for browsers sends.
    private static var clientHeaders: [HTTPField.Name] {
        [
            "X-Api-Key", "X-Stainless-Arch", "X-Stainless-Lang", "X-Stainless-OS",
            "X-Stainless-Package-Version", "X-Stainless-Retry-Count", "X-Stainless-Runtime",
            "X-Stainless-Runtime-Version", "X-Stainless-Timeout",
        ].compactMap { HTTPField.Name($0) }
    }

    init(origins: [String]) {
        func middleware(
            _ allowed: CORSMiddleware<Context>.AllowOriginExtended
        ) -> CORSMiddleware<Context> {
            CORSMiddleware(
                allowOrigin: allowed,
                allowHeaders: [.accept, .authorization, .contentType, .origin] + Self.clientHeaders,
                allowMethods: [.get, .post, .options], maxAge: .hours(1))
        }
        all = origins.contains("*") ? middleware(.all) : nil
        byOrigin = Dictionary(
            origins.map { ($0, middleware(.custom($0))) }, uniquingKeysWith: { first, _ in first })
    }

    func handle(
        _ request: Request, context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let own = request.headers[.origin].flatMap { byOrigin[$0] }
        guard let middleware = all ?? own else { return try await next(request, context) }
        return try await middleware.handle(request, context: context, next: next)
    }
}
