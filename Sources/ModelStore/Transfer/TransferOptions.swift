public import Foundation

/// How downloads are made.
public struct TransferOptions: Sendable {
    /// The hub's address, `https://huggingface.co` by default; a mirror may stand in for it.
    public var endpoint = "https://huggingface.co"

    /// The access token for gated repositories; only ever sent to the endpoint itself.
    public var token: String?

    /// The program's version, for the `User-Agent` header.
    public var version = "0.1.0"

    /// A connection that brings no byte for this long is given up. Default 30 s.
    public var idleTimeout: Duration = .seconds(30)

    /// A host that takes no connection for this long is given up. Default 10 s.
    public var connectTimeout: Duration = .seconds(10)

    /// The pauses before the second, third ... attempt at the same place; their number bounds the
    /// attempts that bring less than ``worthwhileBytes``. Default 1, 2, 4 and 8 s.
    public var retryDelays: [Duration] = [.seconds(1), .seconds(2), .seconds(4), .seconds(8)]

    /// An attempt that brings at least this many bytes before it breaks does not count against
    /// ``retryDelays``. Default 1 MiB.
    public var worthwhileBytes = 1 << 20

    /// The Python interpreter for wheels, a name to be looked up in `PATH` or a path.
    public var python = "python3"

    /// The environment that Python and pip run in; pip's own settings there decide where packages
    /// come from.
    public var pythonEnvironment: [String: String] = [:]

    /// The folder of models that came with the program, each under its own name; nil if there is
    /// none.
    public var shippedModels: URL?

    /// The defaults.
    public init() {}

    /// The defaults with what `environment` sets: `HF_ENDPOINT`, `HF_TOKEN`, and all of it for
    /// Python. Empty values do not count.
    public init(environment: [String: String]) {
        if let endpoint = environment["HF_ENDPOINT"], !endpoint.isEmpty { self.endpoint = endpoint }
        if let token = environment["HF_TOKEN"], !token.isEmpty { self.token = token }
        pythonEnvironment = environment
    }

    var userAgent: String { "pyramid/\(version)" }
}
