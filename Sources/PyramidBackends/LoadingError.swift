/// Why levels are refused before any of them is loaded.
public struct LoadingError: Error, Equatable, CustomStringConvertible {
    /// What kind of failure.
    public enum Code: String, Sendable {
        /// The backend that was asked for cannot run a file.
        case unsupported
        /// The vocabularies of two levels do not fit together.
        case vocabularyMismatch
        /// The levels do not fit into memory.
        case notEnoughMemory
    }

    /// The kind of failure.
    public var code: Code
    /// What is wrong, with the values, and what to do.
    public var message: String

    /// An error with its parts.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
