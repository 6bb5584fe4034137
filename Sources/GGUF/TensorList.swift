/// The tensors of a GGUF file, in file order and by name.
///
/// Invariant: every tensor's data lies inside the file.
struct TensorList: Sendable {
    let tensors: [TensorInfo]
    /// Where the data section starts, in bytes from the start of the file.
    let dataOffset: Int
    private let positions: [String: Int]

    /// Reads `count` entries and checks that their data is in the file.
    ///
    /// - Throws: `duplicateTensor`, `tensorPastEnd` and what `TensorInfo` throws.
    init(
        readingFrom cursor: inout ByteCursor, count: Int, alignment: Int
    ) throws(GGUFError) {
        var tensors: [TensorInfo] = []
        var positions: [String: Int] = [:]
        for index in 0..<count {
            let start = cursor.position
            let tensor = try TensorInfo(
                readingFrom: &cursor, index: index, alignment: alignment)
            guard positions.updateValue(index, forKey: tensor.name) == nil else {
                throw GGUFError(
                    .duplicateTensor, path: cursor.file.path,
                    message: "two tensors are named \"\(tensor.name)\", the second at byte"
                        + " \(start.grouped): the file is damaged; fetch or convert it anew")
            }
            tensors.append(tensor)
        }
        self.tensors = tensors
        self.positions = positions
        dataOffset = try Self.checkData(
            of: tensors, after: cursor.position, alignment: alignment, in: cursor.file)
    }

    func tensor(named name: String) -> TensorInfo? { positions[name].map { tensors[$0] } }

    /// Finds the data section and checks that the tensor that ends last ends inside the file.
    private static func checkData(
        of tensors: [TensorInfo], after listEnd: Int, alignment: Int, in file: MappedFile
    ) throws(GGUFError) -> Int {
        let padding = (alignment - listEnd % alignment) % alignment
        let start = listEnd.addingReportingOverflow(padding)
        var lastEnd = start.overflow ? Int.max : start.partialValue
        var lastTensor: TensorInfo?
        for tensor in tensors {
            let size = tensor.offset.addingReportingOverflow(tensor.byteCount)
            let end = start.partialValue.addingReportingOverflow(size.partialValue)
            let overflows = start.overflow || size.overflow || end.overflow
            if overflows || end.partialValue > lastEnd {
                lastEnd = overflows ? Int.max : end.partialValue
                lastTensor = tensor
            }
        }
        // A file without tensors (a vocabulary only) need not be padded to its data section.
        guard let tensor = lastTensor, lastEnd > file.byteCount else {
            return min(start.overflow ? file.byteCount : start.partialValue, file.byteCount)
        }
        throw GGUFError(
            .tensorPastEnd, path: file.path,
            message: "the data of tensor \"\(tensor.name)\" ends at byte \(lastEnd.grouped), but"
                + " the file has \(file.byteCount.grouped) bytes: the file is"
                + " \((lastEnd - file.byteCount).grouped) bytes short: \(GGUFError.fetchAgain)")
    }
}
