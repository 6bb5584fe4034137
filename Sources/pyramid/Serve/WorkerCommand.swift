import ArgumentParser
import Foundation
import LlamaBackend
import NIOCore

/// Lends this machine to levels of a pyramid elsewhere.
struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Lends this machine to levels of a pyramid on another one (llama.cpp's RPC).",
        discussion: """
            Levels run on it with --rpc HOST:PORT; weights come over the network when they are \
            loaded. It serves one program at a time, with its GPUs or else its CPU. llama.cpp's \
            own rpc-server of the same version does the same. There is no key and no encryption: \
            whoever reaches the port can use the machine, so keep it to a network of your own.
            """)

    @Option(help: "The IPv4 address to listen on.")
    var host = "127.0.0.1"

    @Option(parsing: .unconditional, help: "The port.")
    var port = 50_052

    @Option(
        name: [.short, .long], parsing: .unconditional,
        help: "Threads of the CPU. (default: all cores)")
    var threads: Int?

    func validate() throws {
        try Threads.check(threads)
        _ = try address()
    }

    func run() throws {
        try CommandFailure.reporting {
            StandardError.write("worker at \(try address()); Ctrl-C ends it\n")
            try LlamaWorkers.serve(
                at: address(), threads: threads ?? ProcessInfo.processInfo.activeProcessorCount)
        }
    }

    private func address() throws -> WorkerAddress {
        // llama.cpp takes no names here.
        guard case .v4? = try? SocketAddress(ipAddress: host, port: port),
            let address = WorkerAddress("\(host):\(port)")
        else {
            throw ValidationError(
                "--host \(host) --port \(port) is not an IPv4 address, such as 127.0.0.1, and a "
                    + "port of 1 to 65535")
        }
        return address
    }
}
