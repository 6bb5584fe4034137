/// Which backend the levels are asked to run on.
public enum BackendChoice: String, Sendable, Codable, CaseIterable {
    /// The native one for every file that it knows; llama.cpp for the others, for GPUs and for CPUs
    /// without fast kernels.
    case auto
    /// The native one; other files are refused.
    case native
    /// llama.cpp.
    case llama

    /// The choice of this name; `llama.cpp` is the same as `llama`.
    public init?(named name: String) {
        self.init(rawValue: name == Backend.llama.rawValue ? Self.llama.rawValue : name)
    }
}
