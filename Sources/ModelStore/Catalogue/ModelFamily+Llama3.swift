extension ModelFamily {
    /// Llama 3: 8B target (3.1), 3B qualifier and 1B draft (3.2), quantised by bartowski.
    ///
    /// These repositories are not gated themselves; Meta's originals are, and the licence binds
    /// whoever uses the weights.
    public static let llama3 = ModelFamily(
        name: "llama-3",
        summary: "Llama-3.1-8B-Instruct over Llama-3.2-3B over 1B; general; 7.7 GB",
        levels: [
            ModelLevel(
                role: .target,
                content: .file(
                    ModelFile(
                        repository: "bartowski/Meta-Llama-3.1-8B-Instruct-GGUF",
                        name: "Meta-Llama-3.1-8B-Instruct-Q4_K_M.gguf", licence: .llama31))),
            ModelLevel(
                role: .qualifier,
                content: .file(
                    ModelFile(
                        repository: "bartowski/Llama-3.2-3B-Instruct-GGUF",
                        name: "Llama-3.2-3B-Instruct-Q4_K_M.gguf", licence: .llama32))),
            ModelLevel(
                role: .draft,
                content: .file(
                    ModelFile(
                        repository: "bartowski/Llama-3.2-1B-Instruct-GGUF",
                        name: "Llama-3.2-1B-Instruct-Q4_K_M.gguf", licence: .llama32))),
        ])
}

extension ModelLicence {
    /// Meta's community licence for Llama 3.1.
    public static let llama31 = ModelLicence(
        name: "Llama-3.1-Community",
        notice: "Read and accept Meta's Llama 3.1 Community License before use.")

    /// Meta's community licence for Llama 3.2.
    public static let llama32 = ModelLicence(
        name: "Llama-3.2-Community",
        notice: "Read and accept Meta's Llama 3.2 Community License before use.")
}
