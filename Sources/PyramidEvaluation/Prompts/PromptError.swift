/// Why a prompt file cannot be used.
public struct PromptError: Error, Equatable, CustomStringConvertible {
    /// The file.
    public var path: String
    /// The line at fault, from 1; `nil` when the file as a whole is.
    public var line: Int?
    /// What is wrong, and what to do.
    public var reason: String

    /// An error about a file or one of its lines.
    public init(path: String, line: Int? = nil, reason: String) {
        self.path = path
        self.line = line
        self.reason = reason
    }

    /// `path:line: reason`.
    public var description: String {
        let place = line.map { "\(path):\($0)" } ?? path
        return "\(place): \(reason)"
    }
}
