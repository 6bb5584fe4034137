import Foundation

/// Text to standard output.
enum StandardOutput {
    /// - Throws: ``CommandFailure`` when it cannot be written: a full disk, a closed stream.
    static func write(_ text: String) throws {
        guard let code = writeAll(text, to: STDOUT_FILENO) else { return }
        throw CommandFailure(
            "cannot write to standard output: \(String(cString: strerror(code))); the text is not "
                + "complete")
    }
}

/// Text to standard error; what cannot be written there is lost.
enum StandardError {
    static func write(_ text: String) {
        _ = writeAll(text, to: STDERR_FILENO)
    }
}

/// `FileHandle` ends the process when a write fails, and `print` hides it.
///
/// - Returns: The system's error code; `nil` when all is written.
private func writeAll(_ text: String, to descriptor: Int32) -> Int32? {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
        let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
        if count < 0, errno != EINTR { return errno }
        bytes = bytes.dropFirst(max(0, count))
    }
    return nil
}
