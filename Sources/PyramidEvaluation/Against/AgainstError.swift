/// Why llama.cpp's programs could not be measured.
public enum AgainstError: Error, Equatable, CustomStringConvertible {
    /// A program is in none of the folders.
    case missing(program: String, folders: [String])
    /// A program ended, or did not answer, when it should have worked.
    case failed(program: String, reason: String, log: [String])
    /// A server refused a request.
    case refused(setting: String, status: Int, message: String)
    /// What a program printed has not the form that this version knows.
    case unreadable(program: String, reason: String)

    /// What happened, with the program's last words, and the way out.
    public var description: String {
        switch self {
        case .missing(let program, let folders):
            "\(program) is not in \(folders.joined(separator: ", ")): run `make llama-tools`, "
                + "which builds it, or name its folder with --llama-tools"
        case .failed(let program, let reason, let log):
            "\(program) \(reason); "
                + (log.isEmpty
                    ? "it printed nothing"
                    : "its last lines:\n" + log.map { "  \($0)" }.joined(separator: "\n"))
        case .refused(let setting, let status, let message):
            "llama-server (\(setting)) refused a prompt with status \(status): \(message)"
        case .unreadable(let program, let reason):
            "\(program)'s output cannot be read: \(reason); `make llama-tools` builds the version "
                + "that is known"
        }
    }
}
