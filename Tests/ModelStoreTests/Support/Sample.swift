import Crypto
import Foundation

import ModelStore

/// A small file with a known hash.
struct Sample: Sendable {
    let content: [UInt8]

    /// `bytes` bytes that no two samples of different `seed` share.
    init(bytes: Int = 100_000, seed: UInt64 = 1) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        content = (0..<bytes).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
    }

    var sha256: String { SHA256.hash(data: content).hexadecimal }

    static let commit = "0123456789abcdef0123456789abcdef01234567"

    /// A catalogue entry for the sample; `isKnown` tells whether it states size and hash.
    func file(
        isKnown: Bool = true, name: String = "tiny.gguf", sources: [ModelSource] = [.huggingFace]
    ) -> ModelFile {
        ModelFile(
            repository: "owner/tiny-GGUF", name: name, bytes: isKnown ? content.count : nil,
            sha256: isKnown ? sha256 : nil, licence: .apache2, sources: sources)
    }
}
