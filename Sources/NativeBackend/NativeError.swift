/// Why the native backend refused.
public struct NativeError: Error, Equatable, CustomStringConvertible {
    /// What kind of failure.
    public enum Code: String, Sendable {
        /// The model is not one that this backend computes.
        case unsupported
        /// The file's tensors contradict its metadata, or some are missing.
        case modelNotLoaded
        /// The options ask for what cannot be.
        case invalidOptions
        /// The system gave no memory.
        case notEnoughMemory
        /// A request broke the contract of a level.
        case invalidRequest
        /// The cache has no room.
        case cacheFull
    }

    /// The kind of failure.
    public var code: Code
    /// What happened, with the values, and what to do.
    public var message: String

    /// An error with its parts.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
