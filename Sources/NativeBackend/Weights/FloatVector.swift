import GGUF

/// A norm's weights or a bias, one float per element of a row.
// Sendable: never written after `init`.
final class FloatVector: @unchecked Sendable {
    let count: Int
    let elements: UnsafePointer<Float>

    private let owned: UnsafeMutablePointer<Float>

    /// Copies a tensor of type F32.
    init(_ tensor: StoredTensor) {
        precondition(tensor.info.type.name == "F32")
        count = tensor.info.elementCount
        owned = .allocate(capacity: count)
        elements = UnsafePointer(owned)
        let target = UnsafeMutableRawBufferPointer(start: owned, count: 4 * count)
        tensor.withBytes { target.copyMemory(from: $0) }
    }

    deinit { owned.deallocate() }
}
