import GGUF
import LlamaBackend
import PyramidBackends

/// What `pyramid inspect` says of one file.
struct FileReport {
    let text: String

    init(_ files: GGUFModelFiles) throws {
        let model = ModelDescription(files)
        let vocabulary = try VocabularyDescription(files)
        var lines = [files.path]
        func add(_ name: String, _ value: String?) {
            if let value { lines.append("  \(name): \(value)") }
        }
        add("name", [model.name, model.sizeLabel].compactMap { $0 }.joined(separator: ", "))
        add("architecture", model.architecture)
        add("licence", model.license)
        add("parameters", "\(model.parameterCount / 1_000_000) million stored")
        add("quantization", Self.quantization(model))
        add("size", "\(ByteCount(files.byteCount)) in \(files.parts.count) file(s)")
        add("layers", model.blockCount.map(String.init))
        add("width", model.embeddingLength.map(String.init))
        add("context", model.contextLength.map { "\($0) tokens" })
        add(
            "KV cache",
            model.attention.keyValueElementsPerToken.map { "\($0) elements per token" })
        add("sequence memory", Self.text(model.sequenceMemory))
        add(
            "vocabulary",
            "\(vocabulary.size) tokens, \(vocabulary.tokenizerModel ?? "unknown tokenizer")"
                + (vocabulary.preTokenizer.map { " (\($0))" } ?? ""))
        add("chat template", model.chatTemplate.map { "yes, \($0.utf8.count) bytes" } ?? "none")
        let selection = try BackendSelection(files, options: ModelOptions())
        add("backend", selection.description)
        switch selection.batchInvariance(under: ModelOptions()) {
        case .guaranteed: add("batch-invariant", "yes, on the CPU")
        case .unknown(let reason): add("batch-invariant", "not known: \(reason)")
        }
        text = lines.joined(separator: "\n")
    }

    private static func text(_ memory: SequenceMemory) -> String {
        switch memory {
        case .keyValueCache: "KV cache"
        case .hybrid: "KV cache and recurrent state: cannot be a level"
        case .recurrent: "recurrent state: cannot be a level"
        }
    }

    private static func quantization(_ model: ModelDescription) -> String {
        let shares = model.tensorTypeShares.map {
            "\($0.type.name) \(Int(($0.share * 100).rounded())) %"
        }
        let bits = (model.bitsPerWeight ?? 0).text(2)
        return "\(model.fileTypeName ?? "mixed"), \(bits) bits per weight ("
            + shares.joined(separator: ", ") + ")"
    }
}
