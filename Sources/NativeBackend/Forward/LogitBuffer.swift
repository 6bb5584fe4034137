import PyramidDecoding

/// The rows of logits that the last forward was asked for.
struct LogitBuffer {
    private var memory: PageBuffer?
    private var firstRows: [Int] = []
    private var rowElements = 0

    /// Makes room for the rows of these requests.
    ///
    /// - Throws: ``NativeError`` when there is no memory for them.
    mutating func begin(
        _ requests: [ForwardRequest], rowElements: Int
    ) throws(NativeError) {
        self.rowElements = rowElements
        firstRows.removeAll(keepingCapacity: true)
        var rows = 0
        for request in requests {
            firstRows.append(rows)
            rows += request.wantedRows
        }
        let needed = rows * rowElements * 4
        guard needed > memory?.byteCount ?? 0 else { return }
        // The old rows go before the new ones come, so that both never take memory at once.
        memory = nil
        memory = try PageBuffer(byteCount: needed)
    }

    /// The place of a row, `[rowElements]`.
    func row(request: Int, row: Int) -> UnsafeMutablePointer<Float> {
        guard let memory else { preconditionFailure("no row of logits was asked for") }
        return memory.elements(Float.self) + (firstRows[request] + row) * rowElements
    }
}
