internal import PyramidDecoding

/// Where the rows of logits of a forward are, in the order in which the requests want them.
///
/// A forward that fits into one native decode leaves them all in the context; of a larger one the
/// earlier rows are copied before the next decode overwrites them.
struct LogitRows {
    enum Place {
        /// The index of the token in the last native batch.
        case batch(Int)
        /// The index of a copied row.
        case kept(Int)
    }

    private var places: [Place] = []
    private var firstRows: [Int] = []
    private var kept: [Float] = []
    private var keptCount = 0

    /// Starts a forward.
    mutating func begin(_ requests: [ForwardRequest]) {
        places.removeAll(keepingCapacity: true)
        firstRows.removeAll(keepingCapacity: true)
        kept.removeAll(keepingCapacity: true)
        keptCount = 0
        var first = 0
        for request in requests {
            firstRows.append(first)
            first += request.wantedRows
        }
    }

    mutating func append(batchIndex: Int) {
        places.append(.batch(batchIndex))
    }

    /// Copies the rows of the current batch.
    mutating func keep(_ logits: (Int) -> UnsafeBufferPointer<Float>) {
        for row in keptCount..<places.count {
            guard case .batch(let index) = places[row] else { continue }
            kept.append(contentsOf: logits(index))
            places[row] = .kept(row)
        }
        keptCount = places.count
    }

    func place(request: Int, row: Int) -> Place {
        places[firstRows[request] + row]
    }

    func withKept<Result>(
        _ index: Int, vocabularySize: Int, _ body: (UnsafeBufferPointer<Float>) -> Result
    ) -> Result {
        kept.withUnsafeBufferPointer { kept in
            let start = index * vocabularySize
            return body(UnsafeBufferPointer(rebasing: kept[start..<(start + vocabularySize)]))
        }
    }
}
