extension GGUFError {
    /// What to do about a file that ends too early.
    static let fetchAgain =
        "the download was cut or the file is damaged; run `pyramid pull` again or fetch it anew"

    /// No metadata section is this large (1 TiB), so a longer length is damage, not a cut download.
    private static let largestPlausibleLength: UInt64 = 1 << 40

    /// The error for something at `offset` that needs more bytes than the file has left.
    ///
    /// - Parameters:
    ///   - file: The file being read.
    ///   - subject: What was being read, such as "the key of metadata entry 3".
    ///   - offset: Where it starts, in bytes from the start of the file.
    ///   - needed: The bytes it needs, or `nil` when that number overflows 64 bits.
    static func ends(
        _ file: MappedFile, inside subject: String, at offset: Int, needed: UInt64?
    ) -> GGUFError {
        let left = UInt64(max(0, file.byteCount - offset))
        let size = "the file has \(file.byteCount.grouped) bytes"
        guard let needed, needed <= largestPlausibleLength else {
            let amount = needed.map { "\($0.grouped)" } ?? "more than 2^64"
            return GGUFError(
                .impossibleCount, path: file.path,
                message: "\(subject), at byte \(offset.grouped), claims to need \(amount) bytes,"
                    + " but \(size): the file is damaged; fetch it anew")
        }
        let short = needed > left ? needed - left : 0
        return GGUFError(
            .truncated, path: file.path,
            message: "the file ends inside \(subject), which starts at byte \(offset.grouped) and"
                + " needs at least \(needed.grouped) bytes; \(size), so it is at least"
                + " \(short.grouped) bytes short: \(fetchAgain)")
    }
}
