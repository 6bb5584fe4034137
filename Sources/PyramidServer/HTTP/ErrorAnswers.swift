import HTTPTypes
import Hummingbird

/// Errors in OpenAI's shape, whoever threw them.
struct ErrorAnswers<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request, context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as APIError {
            return Response(error)
        } catch let error as ServingFailure {
            return Response(APIError(error))
        } catch let error as HTTPError where error.status == .notFound {
            return Response(
                APIError(.notFound, "there is nothing at \(request.method) \(request.uri.path)"))
        } catch let error as HTTPError {
            let kind: APIError.Kind = error.status.code < 500 ? .invalidRequest : .server
            return Response(APIError(kind, error.body ?? error.status.reasonPhrase))
        } catch is CancellationError {
            // The client is gone: nobody reads this.
            return Response(status: .init(code: 499))
        }
    }
}
