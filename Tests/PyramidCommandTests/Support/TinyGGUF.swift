/// A GGUF file of one tensor and a handful of tokens, which can lie about itself.
struct TinyGGUF: Sendable {
    var version: UInt32 = 3
    var tensorCount: UInt64 = 1
    var metadataCount: UInt64 = 3
    /// The length of the first key; `nil` is the true one.
    var firstKeyLength: UInt64?
    var architecture = "llama"
    /// The type number of the architecture's value; 8 is a text.
    var architectureType: UInt32 = 8
    var tokens = ["<s>", "yes", "no", "maybe"]
    /// The number of tokens; `nil` is the true one.
    var tokenCount: UInt64?
    var dimension: UInt64 = 4
    var tensorType: UInt32 = 0
    var tensorOffset: UInt64 = 0

    var bytes: [UInt8] {
        var bytes = Array("GGUF".utf8)
        bytes.append(version)
        bytes.append(tensorCount)
        bytes.append(metadataCount)
        bytes.append("general.architecture", length: firstKeyLength)
        bytes.append(architectureType)
        bytes.append(architecture)
        bytes.append("tokenizer.ggml.model")
        bytes.append(UInt32(8))
        bytes.append("gpt2")
        bytes.append("tokenizer.ggml.tokens")
        bytes.append(UInt32(9))
        bytes.append(UInt32(8))
        bytes.append(tokenCount ?? UInt64(tokens.count))
        for token in tokens { bytes.append(token) }
        bytes.append("token_embd.weight")
        bytes.append(UInt32(2))
        bytes.append(dimension)
        bytes.append(UInt64(4))
        bytes.append(tensorType)
        bytes.append(tensorOffset)
        // The data begin at a multiple of 32.
        bytes += Array(repeating: 0, count: (32 - bytes.count % 32) % 32 + 64)
        return bytes
    }
}

extension [UInt8] {
    /// Little-endian, as the format wants it.
    mutating func append(_ value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    /// A text after its length.
    mutating func append(_ text: String, length: UInt64? = nil) {
        append(length ?? UInt64(text.utf8.count))
        append(contentsOf: Array(text.utf8))
    }
}
