/// What a model is, read from its metadata and tensor list; what the file lacks is `nil`.
public struct ModelDescription: Sendable, Hashable {
    /// The architecture's name, such as `llama` or `qwen2`.
    public let architecture: String?
    /// The model's name for people.
    public let name: String?
    /// The size class its makers give it, such as `1.5B`.
    public let sizeLabel: String?
    /// The licence, as the file states it.
    public let license: String?
    /// The number of parameters: all elements of all tensors.
    public let parameterCount: Int
    /// The size of all tensor data in bytes.
    public let tensorByteCount: Int
    /// The quantization recipe that `general.file_type` states, such as `Q4_K_M`.
    public let fileTypeName: String?
    /// The tensor types in use, the one with the most bytes first.
    public let tensorTypeShares: [TensorTypeShare]
    /// The tokens of context that the model was trained for.
    public let contextLength: Int?
    /// The number of layers.
    public let blockCount: Int?
    /// The elements of the embedding of one token.
    public let embeddingLength: Int?
    /// The shape of the attention layers.
    public let attention: AttentionDescription
    /// The position settings.
    public let rope: RopeDescription
    /// The experts, or `nil` for a dense model.
    public let experts: ExpertDescription?
    /// Whether rejected tokens can be dropped from what the model keeps.
    public let sequenceMemory: SequenceMemory
    /// The Jinja template that turns chat messages into a prompt.
    public let chatTemplate: String?
    /// The names of further templates, such as `tool_use`, in file order.
    public let additionalChatTemplateNames: [String]

    /// Describes a model of one or more files.
    public init(_ files: GGUFModelFiles) {
        self.init(metadata: files.metadata, tensors: files.tensors)
    }

    /// Describes what one file holds, even if it is only a part of a model.
    public init(_ file: GGUFFile) {
        self.init(metadata: file.metadata, tensors: file.tensors)
    }

    private init(metadata: GGUFMetadata, tensors: [TensorInfo]) {
        let architecture = metadata.text("general.architecture")
        let scope = ArchitectureScope(metadata, architecture: architecture)
        self.architecture = architecture
        name = metadata.text("general.name") ?? metadata.text("general.basename")
        sizeLabel = metadata.text("general.size_label")
        license = metadata.text("general.license") ?? metadata.text("general.license.name")
        parameterCount = tensors.reduce(0) { $0.addingSaturated($1.elementCount) }
        tensorByteCount = tensors.reduce(0) { $0.addingSaturated($1.byteCount) }
        fileTypeName = metadata.integer("general.file_type").flatMap(FileTypeName.name)
        tensorTypeShares = TensorTypeShare.shares(of: tensors)
        contextLength = scope.integer("context_length")
        blockCount = scope.integer("block_count")
        embeddingLength = scope.integer("embedding_length")
        attention = AttentionDescription(
            scope, embeddingLength: embeddingLength, blockCount: blockCount)
        rope = RopeDescription(scope)
        experts = ExpertDescription(scope)
        sequenceMemory = SequenceMemory(
            scope, architecture: architecture, attention: attention)
        chatTemplate = metadata.text("tokenizer.chat_template")
        additionalChatTemplateNames = Self.templateNames(in: metadata)
    }

    /// The bits that one parameter takes on average, or `nil` for a model without parameters.
    public var bitsPerWeight: Double? {
        guard parameterCount > 0 else { return nil }
        return Double(tensorByteCount) * 8 / Double(parameterCount)
    }

    /// The elements that one token adds to the KV cache, as
    /// ``AttentionDescription/keyValueElementsPerToken`` defines it.
    public var keyValueElementsPerToken: Int? { attention.keyValueElementsPerToken }

    private static func templateNames(in metadata: GGUFMetadata) -> [String] {
        let prefix = "tokenizer.chat_template."
        return metadata.entries.filter { $0.key.hasPrefix(prefix) }
            .map { String($0.key.dropFirst(prefix.count)) }
    }
}
