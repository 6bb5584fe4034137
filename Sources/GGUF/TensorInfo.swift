/// A tensor's name, shape, type and place; its numbers are not read.
public struct TensorInfo: Sendable, Hashable {
    /// The name, such as `blk.0.attn_q.weight`.
    public let name: String
    /// The sizes of 0 to 4 dimensions, the one whose elements lie side by side first.
    public let dimensions: [Int]
    /// How the numbers are stored.
    public let type: TensorType
    /// Where the data starts, in bytes from the start of the file's data section.
    public let offset: Int
    /// The number of elements, the product of ``dimensions``.
    public let elementCount: Int
    /// The size of the data in bytes.
    public let byteCount: Int

    /// Reads one entry of the tensor list.
    ///
    /// - Throws: `truncated`, `impossibleCount`, `invalidName`, `invalidShape`,
    ///   `unknownTensorType` or `misalignedTensor`.
    init(
        readingFrom cursor: inout ByteCursor, index: Int, alignment: Int
    ) throws(GGUFError) {
        let start = cursor.position
        let name = try cursor.readName(of: "the name of tensor \(index.grouped)")
        let subject = "tensor \"\(name)\" at byte \(start.grouped)"
        let dimensions = try Self.readDimensions(from: &cursor, of: subject)
        let type = try Self.readType(from: &cursor, of: subject)
        let claimed = try cursor.readInteger(UInt64.self, of: "the offset of \(subject)")
        guard claimed.isMultiple(of: UInt64(alignment)) else {
            throw GGUFError(
                .misalignedTensor, path: cursor.file.path,
                message: "\(subject) has offset \(claimed.grouped), which is no multiple of the"
                    + " alignment \(alignment.grouped): the file is damaged; fetch it anew")
        }
        guard let offset = Int(exactly: claimed) else {
            throw GGUFError(
                .tensorPastEnd, path: cursor.file.path,
                message: "\(subject) has offset \(claimed.grouped), but the file has"
                    + " \(cursor.file.byteCount.grouped) bytes: it is damaged; fetch it anew")
        }
        guard let elementCount = Self.product(dimensions),
            dimensions.first.map({ $0.isMultiple(of: type.blockSize) }) ?? (type.blockSize == 1),
            let byteCount = Self.product([elementCount / type.blockSize, type.bytesPerBlock])
        else {
            throw GGUFError(
                .invalidShape, path: cursor.file.path,
                message: "\(subject) has shape \(dimensions) and type \(type.name), whose blocks"
                    + " hold \(type.blockSize) elements: rows are not whole blocks, or the size"
                    + " overflows; the file is damaged; fetch it anew")
        }
        self.name = name
        self.dimensions = dimensions
        self.type = type
        self.offset = offset
        self.elementCount = elementCount
        self.byteCount = byteCount
    }

    private static func readDimensions(
        from cursor: inout ByteCursor, of subject: String
    ) throws(GGUFError) -> [Int] {
        let count = try cursor.readInteger(UInt32.self, of: "the dimension count of \(subject)")
        guard count <= 4 else {
            throw GGUFError(
                .invalidShape, path: cursor.file.path,
                message: "\(subject) has \(count.grouped) dimensions, but 4 are the most:"
                    + " the file is damaged; fetch it anew")
        }
        var dimensions: [Int] = []
        for _ in 0..<count {
            let size = try cursor.readInteger(UInt64.self, of: "the dimensions of \(subject)")
            guard let size = Int(exactly: size) else {
                throw GGUFError(
                    .invalidShape, path: cursor.file.path,
                    message: "\(subject) has a dimension of \(size.grouped) elements:"
                        + " the file is damaged; fetch it anew")
            }
            dimensions.append(size)
        }
        return dimensions
    }

    private static func readType(
        from cursor: inout ByteCursor, of subject: String
    ) throws(GGUFError) -> TensorType {
        let number = try cursor.readInteger(UInt32.self, of: "the type of \(subject)")
        if let type = TensorType(id: number) { return type }
        let cause =
            TensorType.removed[number].map { "was removed from the format: \($0)" }
            ?? "is unknown: the file is damaged, or newer than this program; fetch it anew"
        throw GGUFError(
            .unknownTensorType, path: cursor.file.path,
            message: "\(subject) has type \(number.grouped), which \(cause)")
    }

    /// The product of numbers that are not negative, or `nil` when it overflows.
    private static func product(_ factors: [Int]) -> Int? {
        guard !factors.contains(0) else { return 0 }
        var product = 1
        for factor in factors {
            let next = product.multipliedReportingOverflow(by: factor)
            guard !next.overflow else { return nil }
            product = next.partialValue
        }
        return product
    }
}
