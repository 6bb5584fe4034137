import Crypto
import Foundation
import HTTPTypes
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
