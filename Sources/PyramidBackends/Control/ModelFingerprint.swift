import Crypto
import Foundation
import GGUF

/// Tells model files apart without reading all of their bytes: the SHA-256 of the sizes of the
/// parts, of all tensors' descriptions and of the first bytes of some.
struct ModelFingerprint: Sendable, Hashable {
    /// Hexadecimal, 64 digits.
    let text: String

    init(_ files: GGUFModelFiles) {
        var hash = SHA256()
        for part in files.parts {
            hash.update(data: Data("part \(part.byteCount)\n".utf8))
            for tensor in part.tensors {
                let line = "\(tensor.name) \(tensor.dimensions) \(tensor.type.name)\n"
                hash.update(data: Data(line.utf8))
            }
            let step = max(1, part.tensors.count / Self.samples)
            for index in stride(from: 0, to: part.tensors.count, by: step) {
                part.withTensorBytes(part.tensors[index]) { bytes in
                    hash.update(
                        bufferPointer: UnsafeRawBufferPointer(
                            rebasing: bytes.prefix(Self.sampleBytes)))
                }
            }
        }
        text = hash.finalize().map { String(format: "%02x", $0) }.joined()
    }

    private static let samples = 16
    private static let sampleBytes = 4096
}
