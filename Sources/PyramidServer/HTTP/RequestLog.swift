import Hummingbird
import Logging

/// One line about each request.
struct RequestLog<Context: RequestContext>: RouterMiddleware {
    let logger: Logger

    func handle(
        _ request: Request, context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let began = ContinuousClock.now
        let response = try await next(request, context)
        let isQuiet = ["/health", "/v1/health", "/metrics"].contains(request.uri.path)
        logger.log(
            level: isQuiet ? .debug : .info, "request",
            metadata: [
                "method": "\(request.method)", "path": "\(request.uri.path)",
                "status": "\(response.status.code)",
                "ms": "\(Int((ContinuousClock.now - began) / .milliseconds(1)))",
            ])
        return response
    }
}
