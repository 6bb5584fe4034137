internal import Foundation

/// One HTTP request to a port of this machine: sockets alone, so that no library is needed for it.
struct LoopbackRequest: Sendable {
    /// An answer.
    struct Answer: Sendable, Equatable {
        var status: Int
        var body: Data
    }

    /// Why there is no answer.
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    var port: Int
    var path: String
    /// What is posted; `nil` gets.
    var body: Data?
    /// How long the answer may be awaited.
    var timeLimit: Duration = .seconds(600)

    /// Sends the request and waits for the whole answer.
    ///
    /// - Throws: ``Failure``.
    func answer() throws(Failure) -> Answer {
        let socket = try LoopbackSocket()
        defer { socket.close() }
        try socket.connect(to: port, timeLimit: timeLimit)
        try socket.send(head + (body ?? Data()))
        return try Self.parse(socket.readToEnd())
    }

    /// A port of this machine that nothing listens on just now.
    static func freePort() throws(Failure) -> Int {
        let socket = try LoopbackSocket()
        defer { socket.close() }
        return try socket.bindToAnyPort()
    }

    private var head: Data {
        var lines = ["\(body == nil ? "GET" : "POST") \(path) HTTP/1.1", "Host: 127.0.0.1:\(port)"]
        // The connection's end is the answer's.
        lines.append("Connection: close")
        if let body {
            lines += ["Content-Type: application/json", "Content-Length: \(body.count)"]
        }
        return Data((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }

    /// Takes an answer apart: status line, headers, body.
    static func parse(_ bytes: Data) throws(Failure) -> Answer {
        guard let end = bytes.range(of: Data("\r\n\r\n".utf8)) else {
            throw Failure(description: "the connection ended after \(bytes.count) bytes")
        }
        let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
        let lines = head.split(separator: "\r\n")
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { throw Failure(description: "'\(head.prefix(80))' is no HTTP answer") }
        let body = Data(bytes[end.upperBound...])
        for line in lines.dropFirst() {
            let field = line.split(separator: ":", maxSplits: 1)
            guard field.count == 2, field[0].lowercased() == "content-length" else { continue }
            let length = Int(field[1].trimmingCharacters(in: .whitespaces))
            guard length == body.count else {
                throw Failure(
                    description: "the connection ended after \(body.count) bytes of "
                        + "\(field[1].trimmingCharacters(in: .whitespaces))")
            }
        }
        return Answer(status: status, body: body)
    }
}
