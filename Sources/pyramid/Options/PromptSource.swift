import Foundation

/// Where a prompt is read from: a file or standard input.
enum PromptSource {
    case file(path: String)
    case standardInput

    /// What is there, which must be UTF-8.
    ///
    /// - Throws: ``CommandFailure`` with the source and the system's reason.
    func text() throws -> String {
        if case .standardInput = self, isatty(STDIN_FILENO) == 1 {
            StandardError.write("reading the prompt from the terminal; end it with Ctrl-D\n")
        }
        guard let text = String(validating: try bytes(), as: UTF8.self) else {
            throw CommandFailure(
                "\(name) is not UTF-8 text; convert it, for instance with iconv")
        }
        return text
    }

    private var name: String {
        switch self {
        case .file(let path): path
        case .standardInput: "standard input"
        }
    }

    private func bytes() throws -> [UInt8] {
        guard case .file(let path) = self else { return try bytes(of: STDIN_FILENO) }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable() }
        defer { close(descriptor) }
        return try bytes(of: descriptor)
    }

    private func bytes(of descriptor: Int32) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable() }
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
        }
    }

    private func unreadable() -> CommandFailure {
        CommandFailure(
            "cannot read the prompt from \(name): \(String(cString: strerror(errno))); give one by "
                + "-p, -f or standard input")
    }
}
