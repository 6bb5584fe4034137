extension GGUFFile {
    /// Gives `body` the bytes of a tensor as they lie in the file, without copying them; the
    /// buffer has `tensor.byteCount` bytes and is valid only inside `body`.
    ///
    /// The offset in the file is a multiple of ``GGUFFile/alignment``. Any number of threads may call this
    /// at the same time.
    ///
    /// - Parameters:
    ///   - tensor: A tensor of this file; one of another file is a programming error.
    ///   - body: Receives the bytes.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    public func withTensorBytes<Result, Failure: Error>(
        _ tensor: TensorInfo, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try mapping.withBytes(in: range(of: tensor), body)
    }

    /// Asks the system to read a tensor's bytes soon; this returns without waiting for them.
    ///
    /// - Parameter tensor: A tensor of this file; one of another file is a programming error.
    public func prefetchPages(of tensor: TensorInfo) {
        mapping.prefetchPages(in: range(of: tensor))
    }

    /// Gives back the memory that reading a tensor's bytes took, except for pages it shares with
    /// its neighbours in the file.
    ///
    /// The bytes can still be read, also by a thread that is reading them now: the system then
    /// fetches them from the file again.
    ///
    /// - Parameter tensor: A tensor of this file; one of another file is a programming error.
    public func dropPages(of tensor: TensorInfo) {
        mapping.dropPages(in: range(of: tensor))
    }

    /// Where a tensor's bytes lie, in bytes from the start of the file.
    private func range(of tensor: TensorInfo) -> Range<Int> {
        precondition(
            self.tensor(named: tensor.name) == tensor,
            "tensor \"\(tensor.name)\" is not one of \(path)")
        // Opening checked that no tensor ends after the file, so nothing here overflows.
        let start = dataOffset + tensor.offset
        let range = start..<(start + tensor.byteCount)
        precondition(range.upperBound <= byteCount, "tensor \"\(tensor.name)\" ends too late")
        return range
    }
}
