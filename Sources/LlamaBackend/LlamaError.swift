/// Why llama.cpp, or a check before it, refused.
public struct LlamaError: Error, Equatable, CustomStringConvertible {
    /// What kind of failure.
    public enum Code: String, Sendable {
        /// The model file could not be loaded.
        case modelNotLoaded
        /// A context could not be made.
        case contextNotMade
        /// The model's memory cannot drop its last tokens, so it cannot take part in speculation.
        case cannotRewind
        /// A forward failed.
        case forwardFailed
        /// The cache has no room.
        case cacheFull
        /// A request broke the contract of a level.
        case invalidRequest
        /// A text could not be tokenized.
        case notTokenized
        /// A grammar cannot be read.
        case invalidGrammar
        /// An RPC worker cannot be used.
        case noWorker
        /// A file could not be requantized.
        case notRequantized
    }

    /// The kind of failure.
    public var code: Code
    /// What happened, with the values, and what to do.
    public var message: String
    /// llama.cpp's own return code, where it gave one.
    public var nativeCode: Int32?

    /// An error with its parts.
    public init(_ code: Code, _ message: String, nativeCode: Int32? = nil) {
        self.code = code
        self.message = message
        self.nativeCode = nativeCode
    }

    /// The message.
    public var description: String { message }
}
