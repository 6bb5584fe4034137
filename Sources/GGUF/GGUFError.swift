/// Why a GGUF file could not be opened or does not describe a usable model.
///
/// The message names the value that was seen, where it stands in the file, and the way out.
public struct GGUFError: Error, CustomStringConvertible, Hashable {
    /// The kinds of failure, for callers that branch; people read ``GGUFError/message``.
    public enum Code: String, Sendable, CaseIterable {
        /// No file has this path.
        case fileMissing
        /// The file is there, but this user may not read it.
        case permissionDenied
        /// The path names a directory.
        case isDirectory
        /// The path names a device, a pipe or a socket.
        case notRegularFile
        /// The system refused to open, measure or map the file for another reason.
        case unreadable
        /// The file has no bytes.
        case emptyFile
        /// The first four bytes are not `GGUF`.
        case notGGUF
        /// The file was written for big-endian machines.
        case bigEndian
        /// The format version is neither 2 nor 3.
        case unsupportedVersion
        /// The file ends inside its header, metadata or tensor list.
        case truncated
        /// A length or count is larger than any file could hold.
        case impossibleCount
        /// A metadata key or tensor name is empty or longer than the format allows.
        case invalidName
        /// Two metadata entries have the same key.
        case duplicateKey
        /// A metadata value has a type number that the format does not define.
        case unknownValueType
        /// Arrays stand inside arrays more deeply than this reader follows.
        case nestingTooDeep
        /// `general.alignment` is not a power of two.
        case badAlignment
        /// Two tensors have the same name.
        case duplicateTensor
        /// A tensor has more than four dimensions, or dimensions that make no valid size.
        case invalidShape
        /// A tensor has a type number that is unknown or was removed from the format.
        case unknownTensorType
        /// A tensor's offset is not a multiple of the alignment.
        case misalignedTensor
        /// A tensor's data ends after the end of the file.
        case tensorPastEnd
        /// A part other than the first of a split model was opened.
        case notFirstPart
        /// A part of a split model is not beside the first one.
        case partMissing
        /// The parts of a split model, or a part and its file name, contradict each other.
        case partsDisagree
        /// The file has no list of tokens, or a list that is not made of strings.
        case vocabularyMissing
    }

    /// What kind of failure this is.
    public let code: Code
    /// What was wrong, the value seen and what to do, without the path.
    public let message: String
    /// The path of the file at fault, as the caller gave it.
    public let path: String

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - code: The kind of failure.
    ///   - path: The path of the file at fault.
    ///   - message: What was wrong, the value seen and what to do.
    public init(_ code: Code, path: String, message: String) {
        self.code = code
        self.path = path
        self.message = message
    }

    /// The path and the message.
    public var description: String { "\(path): \(message)" }
}
