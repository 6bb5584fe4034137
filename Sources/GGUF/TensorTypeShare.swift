/// How much of a model is stored in one tensor type.
public struct TensorTypeShare: Sendable, Hashable {
    /// The type.
    public let type: TensorType
    /// The number of tensors of this type, at least 1.
    public let tensorCount: Int
    /// The size of those tensors in bytes.
    public let byteCount: Int
    /// Their part of all tensor bytes, 0 to 1; 0 when no tensor has any bytes.
    public let share: Double

    /// Sums tensors by type, the type with the most bytes first.
    static func shares(of tensors: [TensorInfo]) -> [TensorTypeShare] {
        let total = tensors.reduce(0) { $0.addingSaturated($1.byteCount) }
        let groups = Dictionary(grouping: tensors, by: \.type)
        let shares = groups.map { type, members in
            let bytes = members.reduce(0) { $0.addingSaturated($1.byteCount) }
            return TensorTypeShare(
                type: type, tensorCount: members.count, byteCount: bytes,
                share: total > 0 ? Double(bytes) / Double(total) : 0)
        }
        return shares.sorted { ($0.byteCount, $1.type.id) > ($1.byteCount, $0.type.id) }
    }
}

extension Int {
    // Tensors may overlap, so their sizes can sum to more than the file's, even past an `Int`.
    /// The sum, or `Int.max` when it overflows; both terms must not be negative.
    func addingSaturated(_ other: Int) -> Int {
        let sum = addingReportingOverflow(other)
        return sum.overflow ? .max : sum.partialValue
    }
}
