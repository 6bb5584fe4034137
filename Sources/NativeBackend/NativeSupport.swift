public import GGUF

/// Whether this backend can compute a model.
public enum NativeSupport: Sendable, Equatable {
    /// It can.
    case supported
    /// It cannot; one line that says what is missing.
    case unsupported(reason: String)

    /// What can be said of a model's files from their headers.
    public static func of(_ files: GGUFModelFiles) -> NativeSupport {
        do throws(NativeError) {
            _ = try ModelShape(files)
            return .supported
        } catch {
            return .unsupported(reason: error.message)
        }
    }
}
