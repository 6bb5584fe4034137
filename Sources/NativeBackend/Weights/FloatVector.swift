import GGUF

/// A norm's weights or a bias, one float per element of a row.
// Sendable: never written after `init`.
final class FloatVector: @unchecked Sendable {
    let count: Int
    let elements: UnsafePointer<Float>

    private let owned: UnsafeMutablePointer<Float>

    /// Copies a tensor of type F32.
    init(_ tensor: StoredTensor) {
        let count = tensor.info.elementCount
        precondition(tensor.info.type.name == "F32")
        owned = .allocate(capacity: count)
        self.count = count
        let target = owned
        tensor.withBytes { bytes in
            for index in 0..<count {
                target[index] = bytes.loadUnaligned(fromByteOffset: 4 * index, as: Float.self)
            }
        }
        elements = UnsafePointer(owned)
    }

    deinit { owned.deallocate() }
}
