import PyramidDecoding

/// The rows of logits that the last forward was asked for.
struct LogitBuffer {
    private var memory: PageBuffer?
    /// Each request's first row, and the number of all rows.
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
        firstRows.append(rows)
        let needed = rows * rowElements * 4
        guard needed > memory?.byteCount ?? 0 else { return }
        // The old rows go before the new ones come, so that both never take memory at once.
        memory = nil
        memory = try PageBuffer(byteCount: needed)
    }

    /// The place of a row, `[rowElements]`.
    func row(request: Int, row: Int) -> UnsafeMutablePointer<Float> {
        let first = firstRows[request]
        guard let memory, row >= 0, first + row < firstRows[request + 1] else {
            preconditionFailure("row \(row) of request \(request) has no logits")
        }
        return memory.elements(Float.self) + (first + row) * rowElements
    }
}
