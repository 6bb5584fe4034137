/// How the server listens and what it asks of clients.
public struct ServerOptions: Sendable {
    /// The address to listen on.
    public var host = "127.0.0.1"
    /// The port to listen on; 0 takes a free one.
    public var port = 8080
    /// A Unix domain socket to listen on instead, for a relay on the same machine.
    public var socket: String?
    /// Keys of which a client must have one; none asks for no key.
    public var keys: [String] = []
    /// Origins whose pages may use the server; `*` is every one.
    public var origins: [String] = []
    /// Whether `/metrics` is served.
    public var hasMetrics = false
    /// Whether `/slots` is served, which shows how many tokens running requests have.
    public var hasSlots = true
    /// Whether the page is served at `/`.
    public var hasPage = true
    /// The most bytes of a request's body.
    public var maximumBodyBytes = 16 << 20
    /// The certificate for HTTPS; `nil` is plain HTTP.
    public var certificate: ServerCertificate?
    /// How long running requests may take to end when the server stops.
    public var grace: Duration = .seconds(10)

    /// The defaults.
    public init() {}

    /// Whether others than this machine can reach the server.
    public var isPublic: Bool {
        socket == nil && !["localhost", "127.0.0.1", "::1"].contains(host)
            && !host.hasPrefix("127.")
    }
}
