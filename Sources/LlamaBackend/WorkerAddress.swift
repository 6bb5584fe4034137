/// Where a worker of llama.cpp's RPC listens.
public struct WorkerAddress: Sendable, Codable, Hashable, CustomStringConvertible {
    /// A name or an IPv4 address.
    public let host: String
    /// 1 to 65535.
    public let port: Int

    /// The address in `host:port`; `nil` for anything else, on which llama.cpp would end the process.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[0].contains(where: \.isWhitespace),
            parts[1].allSatisfy(\.isNumber), let port = Int(parts[1]), (1...65_535).contains(port)
        else { return nil }
        host = String(parts[0])
        self.port = port
    }

    /// `host:port`.
    public var description: String { "\(host):\(port)" }
}
