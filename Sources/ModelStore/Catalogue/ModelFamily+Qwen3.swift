extension ModelFamily {
    /// Qwen3: 8B target, 1.7B qualifier and 0.6B draft from Qwen's own GGUF repositories.
    public static let qwen3 = ModelFamily(
        name: "qwen3",
        summary: "Qwen3-8B over 1.7B over 0.6B; general; 7.5 GB",
        levels: [
            ModelLevel(
                role: .target,
                content: .file(
                    ModelFile(
                        repository: "Qwen/Qwen3-8B-GGUF", name: "Qwen3-8B-Q4_K_M.gguf",
                        licence: .apache2))),
            ModelLevel(
                role: .qualifier,
                content: .file(
                    ModelFile(
                        repository: "Qwen/Qwen3-1.7B-GGUF", name: "Qwen3-1.7B-Q8_0.gguf",
                        licence: .apache2))),
            ModelLevel(
                role: .draft,
                content: .file(
                    ModelFile(
                        repository: "Qwen/Qwen3-0.6B-GGUF", name: "Qwen3-0.6B-Q8_0.gguf",
                        licence: .apache2))),
        ])
}
