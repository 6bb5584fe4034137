/// The one file of a model, or all the files of a model that was split.
public struct GGUFModelFiles: Sendable {
    /// The parts in order; the first carries the model's metadata.
    public let parts: [GGUFFile]
    private let first: GGUFFile

    /// Opens a model from its only file or from the first part of a split model.
    ///
    /// - Parameter path: The path of the file, or of the part named `...-00001-of-000NN.gguf`.
    /// - Throws: A ``GGUFError`` when a file cannot be opened, when the path names a part other
    ///   than the first, or when parts are missing or contradict each other.
    public init(path: String) throws(GGUFError) {
        let name = SplitName(path: path)
        if let name, name.number > 1 { throw Self.notFirst(path, number: name.number, name) }
        let first = try GGUFFile(path: path)
        self.first = first
        let split = try Split(of: first)
        guard split.count > 1 || (name?.count ?? 1) > 1 else {
            parts = [first]
            return
        }
        guard split.number == 1 else { throw Self.notFirst(path, number: split.number, name) }
        guard let name, name.count == split.count else {
            let claim = name.map { "says part 1 of \($0.count.grouped)" } ?? "names no part"
            throw GGUFError(
                .partsDisagree, path: path,
                message: "the file's metadata says that it is part 1 of \(split.count.grouped),"
                    + " but its name \(claim);"
                    + " give the parts the names they were published with, which end in"
                    + " -00001-of-000NN.gguf")
        }
        var parts = [first]
        for number in 2...split.count {
            parts.append(try Self.openPart(number, of: split, named: name))
        }
        try Self.checkTensors(of: parts, split, first: path)
        self.parts = parts
    }

    /// The metadata of the first part, which describes the whole model.
    public var metadata: GGUFMetadata { first.metadata }

    /// The path the model was opened with.
    public var path: String { first.path }

    /// The size of all files in bytes.
    public var byteCount: Int { parts.reduce(0) { $0 + $1.byteCount } }

    /// The tensors of all parts, in order.
    public var tensors: [TensorInfo] { parts.flatMap(\.tensors) }

    /// The tensor with this name in whichever part has it, or `nil` when none has.
    public func tensor(named name: String) -> TensorInfo? {
        for part in parts {
            if let tensor = part.tensor(named: name) { return tensor }
        }
        return nil
    }

    private static func openPart(
        _ number: Int, of split: Split, named name: SplitName
    ) throws(GGUFError) -> GGUFFile {
        let path = name.path(ofPart: number)
        let part: GGUFFile
        do {
            part = try GGUFFile(path: path)
        } catch {
            guard error.code == .fileMissing else { throw error }
            throw GGUFError(
                .partMissing, path: path,
                message: "part \(number.grouped) of \(split.count.grouped) is missing beside part"
                    + " 1; run `pyramid pull` again or fetch this file too")
        }
        let found = try Split(of: part)
        guard found.number == number, found.count == split.count,
            found.tensorCount == nil || found.tensorCount == split.tensorCount
        else {
            throw GGUFError(
                .partsDisagree, path: path,
                message: "this should be part \(number.grouped) of \(split.count.grouped)"
                    + " (\(split.tensorText)), but its metadata says part \(found.number.grouped)"
                    + " of \(found.count.grouped) (\(found.tensorText)); fetch all parts anew"
                    + " from one place")
        }
        return part
    }

    private static func checkTensors(
        of parts: [GGUFFile], _ split: Split, first path: String
    ) throws(GGUFError) {
        var names: Set<String> = []
        for part in parts {
            for tensor in part.tensors where !names.insert(tensor.name).inserted {
                throw GGUFError(
                    .duplicateTensor, path: part.path,
                    message: "tensor \"\(tensor.name)\" stands in an earlier part too; fetch all"
                        + " parts anew from one place")
            }
        }
        guard split.tensorCount == nil || split.tensorCount == names.count else {
            throw GGUFError(
                .partsDisagree, path: path,
                message: "split.tensors.count promises \(split.tensorText), but the"
                    + " \(parts.count.grouped) parts have \(names.count.grouped); fetch all parts"
                    + " anew from one place")
        }
    }

    private static func notFirst(_ path: String, number: Int, _ name: SplitName?) -> GGUFError {
        let first = name.map { "\"\($0.path(ofPart: 1))\"" } ?? "the file that is part 1"
        return GGUFError(
            .notFirstPart, path: path,
            message: "this is part \(number.grouped) of a split model; open \(first) instead,"
                + " and the other parts beside it are found")
    }
}

/// What a part's metadata says about the split; a whole file is part 1 of 1.
private struct Split {
    let number: Int
    let count: Int
    let tensorCount: Int?

    init(of file: GGUFFile) throws(GGUFError) {
        let metadata = file.metadata
        count = metadata.integer("split.count") ?? 1
        let index = metadata.integer("split.no") ?? 0
        tensorCount = metadata.integer("split.tensors.count")
        // The names of parts have room for five digits.
        guard (0...99_999).contains(count), index >= 0, index < max(1, count) else {
            throw GGUFError(
                .partsDisagree, path: file.path,
                message: "split.no is \(index.grouped) (from 0) and split.count is"
                    + " \(count.grouped), which cannot be: the file is damaged; fetch it anew")
        }
        number = index + 1
    }

    var tensorText: String { tensorCount.map { "\($0.grouped) tensors" } ?? "no tensor count" }
}
