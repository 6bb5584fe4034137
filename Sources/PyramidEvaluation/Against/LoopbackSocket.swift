internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// A TCP socket of the loopback interface. Its owner closes it.
struct LoopbackSocket {
    private let descriptor: Int32

    init() throws(LoopbackRequest.Failure) {
        #if canImport(Glibc)
            let kind = Int32(SOCK_STREAM.rawValue)
        #else
            let kind = SOCK_STREAM
        #endif
        descriptor = socket(AF_INET, kind, 0)
        guard descriptor >= 0 else { throw Self.failure("a socket") }
        #if canImport(Darwin)
            // A server that dies must not take this program along.
            var on: Int32 = 1
            setsockopt(
                descriptor, SOL_SOCKET, SO_NOSIGPIPE, &on, socklen_t(MemoryLayout<Int32>.size))
        #endif
    }

    func close() {
        _ = sysClose(descriptor)
    }

    func bindToAnyPort() throws(LoopbackRequest.Failure) -> Int {
        guard withAddress(port: 0, { bind(descriptor, $0, $1) }) == 0 else {
            throw Self.failure("binding a port")
        }
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(descriptor, $0, &length)
            }
        }
        guard result == 0 else { throw Self.failure("asking for the port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    func connect(to port: Int, timeLimit: Duration) throws(LoopbackRequest.Failure) {
        var time = timeval()
        time.tv_sec = Int(timeLimit.components.seconds)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, size)
        let result = withAddress(port: UInt16(truncatingIfNeeded: port)) {
            sysConnect(descriptor, $0, $1)
        }
        guard result == 0 else { throw Self.failure("connecting to port \(port)") }
    }

    func send(_ data: Data) throws(LoopbackRequest.Failure) {
        #if canImport(Darwin)
            let flags: Int32 = 0
        #else
            let flags = Int32(MSG_NOSIGNAL)
        #endif
        var rest = data[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { sysSend(descriptor, $0.baseAddress, $0.count, flags) }
            if sent < 0, errno == EINTR { continue }
            guard sent > 0 else { throw Self.failure("sending") }
            rest = rest.dropFirst(sent)
        }
    }

    func readToEnd() throws(LoopbackRequest.Failure) -> Data {
        var data = Data()
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Self.failure("reading") }
            if count == 0 { return data }
            data.append(contentsOf: buffer[..<count])
        }
    }

    private func withAddress(
        port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    private static func failure(_ step: String) -> LoopbackRequest.Failure {
        LoopbackRequest.Failure(description: "\(step) failed: \(String(cString: strerror(errno)))")
    }
}

// The methods above have the same names.
private func sysClose(_ descriptor: Int32) -> Int32 { close(descriptor) }

private func sysConnect(
    _ descriptor: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t
) -> Int32 { connect(descriptor, address, length) }

private func sysSend(
    _ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int, _ flags: Int32
) -> Int { send(descriptor, bytes, count, flags) }
