import PyramidDecoding

/// The tokens that pass through the layers together.
struct RowBatch {
    struct Row {
        var token: TokenID
        var sequence: SequenceID
        var position: Int
        /// Where the row's logits go, `[head.paddedRows]`; `nil` when they are not wanted.
        var logits: UnsafeMutablePointer<Float>?
    }

    var rows: [Row] = []

    var count: Int { rows.count }
}
