/// The first 24 bytes of a GGUF file.
struct GGUFHeader: Sendable {
    /// The format version, 2 or 3.
    let version: Int
    let tensorCount: Int
    let metadataCount: Int

    /// Reads the header and checks that the file can hold what it announces.
    ///
    /// - Throws: `notGGUF`, `bigEndian`, `unsupportedVersion`, `truncated` or `impossibleCount`.
    init(readingFrom cursor: inout ByteCursor) throws(GGUFError) {
        try Self.checkMagic(&cursor)
        version = try Self.readVersion(&cursor)
        let tensors = try cursor.readInteger(UInt64.self, of: "the tensor count")
        let entries = try cursor.readInteger(UInt64.self, of: "the metadata count")
        // The least entry is a 1-byte key (9 bytes), a type (4) and a 1-byte value.
        metadataCount = try cursor.checkCount(entries, least: 14, of: "the metadata entries")
        // The least tensor is a 1-byte name (9 bytes), no dimensions (4), type (4), offset (8).
        tensorCount = try cursor.checkCount(tensors, least: 25, of: "the tensor list")
    }

    private static func checkMagic(_ cursor: inout ByteCursor) throws(GGUFError) {
        let file = cursor.file
        let first = file.withBytes(in: 0..<4) { Array($0) }
        guard first == Array("GGUF".utf8) else {
            let hexadecimal = first.map { byte in
                (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
            let text = String(
                decoding: first.map { (32...126).contains($0) ? $0 : UInt8(ascii: ".") },
                as: UTF8.self)
            throw GGUFError(
                .notGGUF, path: file.path,
                message: "this is not a GGUF file: its first bytes are"
                    + " \(hexadecimal.joined(separator: " ")) (\"\(text)\"), not \"GGUF\", and it"
                    + " has \(file.byteCount.grouped) bytes\(hint(for: text))")
        }
        try cursor.skip(4, of: "the magic number")
    }

    private static func readVersion(_ cursor: inout ByteCursor) throws(GGUFError) -> Int {
        let version = try cursor.readInteger(UInt32.self, of: "the format version")
        if version == 2 || version == 3 { return Int(version) }
        let path = cursor.file.path
        if (1...3).contains(version.byteSwapped) {
            throw GGUFError(
                .bigEndian, path: path,
                message: "this GGUF version \(version.byteSwapped) file was written for big-endian"
                    + " machines; take the little-endian file of the same model")
        }
        let cause =
            version == 1
            ? "version 1 was given up in 2023; convert the model anew"
            : "the file is damaged, or newer than this program; fetch it anew"
        throw GGUFError(
            .unsupportedVersion, path: path,
            message: "the GGUF version at byte 4 is \(version.grouped), but this program reads"
                + " versions 2 and 3: \(cause)")
    }

    /// What a wrong magic number usually means.
    private static func hint(for text: String) -> String {
        switch text {
        case "vers": "; it looks like a Git LFS pointer: run `git lfs pull`"
        case "<!DO", "<!do", "<htm", "<HTM": "; it looks like a web page: check the address"
        case "PK..": "; it looks like a ZIP or PyTorch file: convert it to GGUF"
        case "lmgg", "tjgg", "fmgg", "algg":
            "; it looks like a format from before GGUF: convert the model anew"
        default: "; convert the model to GGUF, or give the path of a .gguf file"
        }
    }
}
