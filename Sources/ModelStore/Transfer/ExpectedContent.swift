/// What a download has to be in the end.
struct ExpectedContent: Hashable, Sendable {
    /// 64 lower-case hexadecimal digits.
    let sha256: String

    /// The size in bytes, nil if nobody states it.
    let bytes: Int?

    /// The commit that the hub states, nil for another source.
    let hubCommit: String?
}
