public import LlamaBackend
public import NativeBackend

/// What a level throws: the error of its backend.
public enum LevelError: Error, Equatable, CustomStringConvertible {
    /// llama.cpp's, or of a check before it.
    case llama(LlamaError)
    /// The native backend's.
    case native(NativeError)

    /// The message.
    public var description: String {
        switch self {
        case .llama(let error): error.message
        case .native(let error): error.message
        }
    }
}
