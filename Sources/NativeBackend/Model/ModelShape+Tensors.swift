import CKernels
import GGUF

extension ModelShape {
    /// The types that matrices may have; vectors are F32.
    package static let matrixTypes = Set(
        TensorType.all.filter { ck_is_supported($0.id) }.map(\.name))

    /// A tensor's dimensions, that of neighbours in memory first: `[columns, rows]` of a matrix,
    /// whose columns are its inputs, or `[elements]` of a vector.
    package func dimensions(of tensor: LayerTensor) -> [Int] {
        switch tensor {
        case .attentionNorm, .feedForwardNorm, .attentionOutputBias: [width]
        case .query: [width, queryWidth]
        case .key, .value: [width, keyValueWidth]
        case .queryBias: [queryWidth]
        case .keyBias, .valueBias: [keyValueWidth]
        case .queryNorm, .keyNorm: [headSize]
        case .attentionOutput: [queryWidth, width]
        case .gate, .up: [width, feedForwardWidth]
        case .down: [feedForwardWidth, width]
        }
    }

    /// A tensor's dimensions, that of neighbours in memory first.
    package func dimensions(of tensor: ModelTensor) -> [Int] {
        switch tensor {
        case .tokenEmbedding, .output: [width, vocabularySize]
        case .outputNorm: [width]
        case .ropeFactors: [rotatedSize / 2]
        }
    }

    /// The rows of a matrix whose number no key states.
    static func rowCount(
        of tensor: ModelTensor, in files: GGUFModelFiles
    ) throws(NativeError) -> Int {
        guard let info = files.tensor(named: tensor.rawValue) else {
            throw missing(tensor.rawValue)
        }
        guard info.dimensions.count == 2, (1...(1 << 24)).contains(info.dimensions[1]) else {
            throw NativeError(
                .modelNotLoaded, "tensor \(tensor.rawValue) has shape \(info.dimensions)")
        }
        return info.dimensions[1]
    }

    /// Checks that the files hold all tensors that the shape asks for and no others.
    func checkTensors(of files: GGUFModelFiles) throws(NativeError) {
        var expected: [String: [Int]] = [:]
        var required: [String] = []
        for tensor in ModelTensor.allCases where presence(of: tensor) != .unknown {
            expected[tensor.rawValue] = dimensions(of: tensor)
            if presence(of: tensor) == .required { required.append(tensor.rawValue) }
        }
        for layer in 0..<layerCount {
            for tensor in LayerTensor.allCases where presence(of: tensor) != .unknown {
                let name = tensor.name(layer: layer)
                expected[name] = dimensions(of: tensor)
                if presence(of: tensor) == .required { required.append(name) }
            }
        }
        for tensor in files.tensors { try Self.check(tensor, expected[tensor.name]) }
        for name in required where files.tensor(named: name) == nil { throw Self.missing(name) }
        try checkTokens(of: files)
    }

    private static func check(
        _ tensor: TensorInfo, _ dimensions: [Int]?
    ) throws(NativeError) {
        guard let dimensions else {
            throw NativeError(
                .unsupported, "tensor \(tensor.name.shown) is not one that is computed natively")
        }
        guard tensor.dimensions == dimensions else {
            throw NativeError(
                .modelNotLoaded,
                "tensor \(tensor.name) has shape \(tensor.dimensions), not \(dimensions)")
        }
        let isKnown =
            dimensions.count == 2
            ? matrixTypes.contains(tensor.type.name) : tensor.type.name == "F32"
        guard isKnown else {
            throw NativeError(
                .unsupported,
                "tensor \(tensor.name) has type \(tensor.type), which is not computed natively")
        }
    }

    private func checkTokens(of files: GGUFModelFiles) throws(NativeError) {
        let tokens = files.metadata.array("tokenizer.ggml.tokens")?.count
        guard tokens == nil || tokens == vocabularySize else {
            throw NativeError(
                .modelNotLoaded,
                "the vocabulary has \(tokens ?? 0) tokens, but \(ModelTensor.tokenEmbedding.rawValue)"
                    + " has \(vocabularySize) rows")
        }
    }

    private enum Presence { case required, optional, unknown }

    // What llama.cpp loads for each architecture: it refuses files with tensors besides.
    private func presence(of tensor: LayerTensor) -> Presence {
        switch tensor {
        case .queryBias, .keyBias, .valueBias: .optional
        case .attentionOutputBias: architecture == .llama ? .optional : .unknown
        case .queryNorm, .keyNorm: hasQueryKeyNorms ? .required : .unknown
        default: .required
        }
    }

    private func presence(of tensor: ModelTensor) -> Presence {
        switch tensor {
        case .tokenEmbedding, .outputNorm: .required
        case .output: .optional
        case .ropeFactors: architecture == .llama ? .optional : .unknown
        }
    }

    private static func missing(_ name: String) -> NativeError {
        NativeError(.modelNotLoaded, "tensor \(name) is missing")
    }
}
