/// A tensor of a model together with the file that holds its bytes.
public struct StoredTensor: Sendable {
    /// The file; the whole model, or one part of a split model.
    public let file: GGUFFile
    /// The tensor's name, shape, type and place.
    public let info: TensorInfo

    /// Gives `body` the tensor's bytes, as ``GGUFFile/withTensorBytes(_:_:)`` does.
    ///
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    public func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try file.withTensorBytes(info, body)
    }

    /// Asks the system to read the bytes soon, without waiting for them.
    public func prefetchPages() { file.prefetchPages(of: info) }

    /// Gives back the memory that reading the bytes took; they can still be read.
    public func dropPages() { file.dropPages(of: info) }
}

extension GGUFModelFiles {
    /// The tensor with this name and the part that holds it, or `nil` when no part has it.
    public func storedTensor(named name: String) -> StoredTensor? {
        for part in parts {
            if let info = part.tensor(named: name) { return StoredTensor(file: part, info: info) }
        }
        return nil
    }
}
