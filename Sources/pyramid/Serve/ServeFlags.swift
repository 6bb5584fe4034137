import ArgumentParser
import Foundation
import PyramidServer

/// Where the server listens, and whom it lets in.
struct ServeFlags: ParsableArguments {
    @Option(help: "The address to listen on. [LLAMA_ARG_HOST]")
    var host: String?

    @Option(
        parsing: .unconditional,
        help: "The port; 0 takes a free one. [LLAMA_ARG_PORT] (default: 8080)")
    var port: Int?

    @Option(
        name: [.customLong("np", withSingleDash: true), .long], parsing: .unconditional,
        help: "The most requests that run at once; each has its own context.")
    var parallel = 4

    @Option(parsing: .unconditional, help: "The most requests that wait for a place.")
    var queue = 64

    @Option(
        name: [.short, .long],
        help: "The model's name for clients. (default: the family, or the target's file)")
    var alias: String?

    @Option(
        help: "A key that clients must have; several with commas. [LLAMA_API_KEY]")
    var apiKey: String?

    @Option(help: "A file with such keys, one a line.")
    var apiKeyFile: String?

    @Option(help: "A PEM file with the server's private key, for HTTPS.")
    var sslKeyFile: String?

    @Option(help: "A PEM file with the server's certificate, for HTTPS.")
    var sslCertFile: String?

    @Option(help: "Origins whose pages may use the server, with commas; * is every one.")
    var corsOrigins: String?

    @Flag(help: "Serve Prometheus metrics at /metrics.")
    var metrics = false

    @Flag(help: "Do not serve /slots.")
    var noSlots = false

    @Flag(help: "Do not serve the page.")
    var noWebui = false

    @Option(
        name: [.customShort("n"), .customLong("n-predict")], parsing: .unconditional,
        help: "The most tokens of an answer that does not say it; -1 is what the context holds.")
    var predict = -1

    @Option(
        parsing: .unconditional,
        help: "The longest time of a request in seconds, waiting included; 0 is without limit.")
    var timeout = 600.0

    @Option(parsing: .unconditional, help: "The most megabytes of a request's body.")
    var maxBody = 16

    @Option(
        parsing: .unconditional,
        help: "Seconds in which running requests may end after the first SIGTERM or SIGINT.")
    var grace = 10.0

    @Option(
        parsing: .unconditional,
        help: "Seconds without a round, though there is work, after which /health fails.")
    var stuckAfter = 60.0

    @Flag(help: "Log as JSON, one object a line.")
    var logJson = false

    @Option(help: ArgumentHelp("For a child of this program.", visibility: .hidden))
    var childSocket: String?

    func validate() throws {
        try check((1...256).contains(parallel), "--parallel \(parallel) is not 1 to 256")
        try check(queue >= 0, "--queue \(queue) is not 0 or more")
        try check((0...65_535).contains(portNumber), "--port \(portNumber) is not 0 to 65535")
        try check(predict == -1 || predict > 0, "--n-predict \(predict) is not 1 or more, or -1")
        try check(timeout >= 0, "--timeout \(timeout) is not 0 or more")
        try check((1...4096).contains(maxBody), "--max-body \(maxBody) is not 1 to 4096")
        try check(grace >= 0, "--grace \(grace) is not 0 or more")
        try check(stuckAfter > 0, "--stuck-after \(stuckAfter) is not more than 0")
        try check(
            (sslKeyFile == nil) == (sslCertFile == nil),
            "--ssl-key-file and --ssl-cert-file need each other")
    }

    private func check(_ holds: Bool, _ message: String) throws {
        if !holds { throw ValidationError(message) }
    }

    private var portNumber: Int {
        port ?? Environment.variables["LLAMA_ARG_PORT"].flatMap { Int($0) } ?? 8080
    }

    func options() throws -> ServerOptions {
        var options = ServerOptions()
        options.host = host ?? Environment.variables["LLAMA_ARG_HOST"] ?? options.host
        options.port = portNumber
        options.keys = try keys()
        options.origins = Self.list(corsOrigins ?? "")
        options.hasMetrics = metrics
        options.hasSlots = !noSlots
        options.hasPage = !noWebui
        options.maximumBodyBytes = maxBody << 20
        options.certificate = try certificate()
        options.grace = .seconds(grace)
        if let childSocket {
            // Its parent has checked who asks, and nobody else reaches the socket.
            options.socket = childSocket
            options.keys = []
            options.origins = []
            options.certificate = nil
        }
        return options
    }

    private func certificate() throws -> ServerCertificate? {
        guard let sslCertFile, let sslKeyFile else { return nil }
        do {
            return try ServerCertificate(certificates: sslCertFile, key: sslKeyFile)
        } catch {
            throw CommandFailure(
                "the certificate \(sslCertFile) or its key \(sslKeyFile) cannot be used: \(error); "
                    + "both must be PEM files that belong together")
        }
    }

    private func keys() throws -> [String] {
        var keys = Self.list(apiKey ?? Environment.variables["LLAMA_API_KEY"] ?? "")
        // A variable that is not set in a script must not open the server to everybody.
        guard apiKey == nil || !keys.isEmpty else {
            throw ValidationError("--api-key is empty; leave it out for a server without keys")
        }
        if let apiKeyFile {
            guard let text = try? String(contentsOfFile: apiKeyFile, encoding: .utf8) else {
                throw ValidationError("--api-key-file \(apiKeyFile) cannot be read")
            }
            let read = Self.list(text.split(whereSeparator: \.isNewline).joined(separator: ","))
            // An empty file must not open the server to everybody.
            guard !read.isEmpty else {
                throw ValidationError("--api-key-file \(apiKeyFile) has no key")
            }
            keys += read
        }
        return keys
    }

    private static func list(_ text: String) -> [String] {
        text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
    }
}
