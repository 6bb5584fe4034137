/// One GGUF file, mapped read-only: its metadata and the list of its tensors.
///
/// Opening checks every length and offset against the file's size and copies no arrays, so a file
/// that opens can be read throughout. Do not shorten a file while it is open.
public final class GGUFFile: Sendable {
    /// The format version, 2 or 3.
    public let version: Int
    /// The alignment of tensor data in bytes, a power of two; 32 unless the file says otherwise.
    public let alignment: Int
    /// The keys and values.
    public let metadata: GGUFMetadata
    let mapping: MappedFile
    private let list: TensorList

    /// Opens and checks a file.
    ///
    /// - Parameter path: The file's path, absolute or relative to the working directory.
    /// - Throws: A ``GGUFError`` when the file cannot be read, is not a little-endian GGUF file of
    ///   version 2 or 3, ends too early or contradicts itself.
    /// - Complexity: O(metadata size); tensor data is not touched.
    public init(path: String) throws(GGUFError) {
        let mapping = try MappedFile(path: path)
        var cursor = ByteCursor(mapping, in: 0..<mapping.byteCount)
        let header = try GGUFHeader(readingFrom: &cursor)
        let metadata = try GGUFMetadata(readingFrom: &cursor, count: header.metadataCount)
        let alignment = try Self.alignment(in: metadata, path: path)
        let list = try TensorList(
            readingFrom: &cursor, count: header.tensorCount, alignment: alignment)
        self.version = header.version
        self.alignment = alignment
        self.metadata = metadata
        self.mapping = mapping
        self.list = list
    }

    /// The path the file was opened with.
    public var path: String { mapping.path }

    /// The file's size in bytes.
    public var byteCount: Int { mapping.byteCount }

    /// Where tensor data starts, in bytes from the start of the file.
    public var dataOffset: Int { list.dataOffset }

    /// All tensors in file order.
    public var tensors: [TensorInfo] { list.tensors }

    /// The tensor with this name, or `nil` when the file has none.
    public func tensor(named name: String) -> TensorInfo? { list.tensor(named: name) }

    private static func alignment(
        in metadata: GGUFMetadata, path: String
    ) throws(GGUFError) -> Int {
        guard let value = metadata["general.alignment"] else { return 32 }
        guard let alignment = value.integerValue, alignment > 0,
            alignment.nonzeroBitCount == 1
        else {
            let seen = value.integerValue.map { $0.grouped } ?? "of type \(value.type)"
            throw GGUFError(
                .badAlignment, path: path,
                message: "general.alignment is \(seen), but it must be a power of two, usually"
                    + " 32: the file is damaged; fetch or convert it anew")
        }
        return alignment
    }
}
