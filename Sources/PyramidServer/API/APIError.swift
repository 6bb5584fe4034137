public import Grammar

/// An error in OpenAI's shape, `{"error": {"code", "message", "type", "param"}}`, with the types of
/// llama-server.
public struct APIError: Error, Sendable, Equatable {
    /// What kind of error; it has a status and a type.
    public enum Kind: Sendable, Equatable {
        case invalidRequest
        case authentication
        case notFound
        case contextExceeded(promptTokens: Int, contextSize: Int)
        case bodyTooLarge
        case tooManyRequests
        case server
        case notSupported
        case unavailable
    }

    /// What kind of error.
    public var kind: Kind
    /// What is wrong, with the value, and the way out.
    public var message: String
    /// The parameter that is meant; `nil` where none is.
    public var parameter: String?

    /// An error of a kind.
    public init(_ kind: Kind, _ message: String, parameter: String? = nil) {
        self.kind = kind
        self.message = message
        self.parameter = parameter
    }

    /// The HTTP status.
    public var status: Int {
        switch kind {
        case .invalidRequest, .contextExceeded: 400
        case .authentication: 401
        case .notFound: 404
        case .bodyTooLarge: 413
        case .tooManyRequests: 429
        case .server: 500
        case .notSupported: 501
        case .unavailable: 503
        }
    }

    private var type: String {
        switch kind {
        case .invalidRequest, .bodyTooLarge: "invalid_request_error"
        case .contextExceeded: "exceed_context_size_error"
        case .authentication: "authentication_error"
        case .notFound: "not_found_error"
        case .tooManyRequests: "rate_limit_error"
        case .server: "server_error"
        case .notSupported: "not_supported_error"
        case .unavailable: "unavailable_error"
        }
    }

    /// The body of the response.
    public var body: JSONValue {
        var members: [JSONValue.Member] = [
            .init("code", .number("\(status)")), .init("message", .string(message)),
            .init("type", .string(type)),
            .init("param", parameter.map { .string($0) } ?? .null),
        ]
        if case .contextExceeded(let tokens, let size) = kind {
            members.append(.init("n_prompt_tokens", .number("\(tokens)")))
            members.append(.init("n_ctx", .number("\(size)")))
        }
        return .object([.init("error", .object(members))])
    }
}

extension APIError {
    /// The error of a request that the engine did not serve.
    init(_ failure: ServingFailure) {
        let kind: Kind =
            switch failure.kind {
            case .invalid: .invalidRequest
            case .promptTooLong(let tokens, let size):
                .contextExceeded(promptTokens: tokens, contextSize: size)
            case .full: .tooManyRequests
            case .unavailable, .deadline: .unavailable
            case .model: .server
            }
        self.init(kind, failure.description)
    }
}
