/// Who computes a level.
public enum Backend: String, Sendable, Codable, CaseIterable {
    /// This package's own forward on the CPU.
    case native
    /// llama.cpp.
    case llama = "llama.cpp"
}
